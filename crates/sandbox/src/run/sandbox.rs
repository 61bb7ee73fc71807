//! The sandbox as its embedder sees it, and its door for AWS clients.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use tokio::net::TcpListener;
use tokio::runtime::{Handle, TryCurrentError};

use super::doors::{ServedListener, bind};
use super::driver::{Core, GRACE};
use super::http::{Body, Received, plain, serve, whole};
use super::programs::Programs;
use super::proxy::Upstream;
use super::task::RunningTask;
use crate::model::{Cloud, Time};
use crate::wire;

/// The largest request to the API, in bytes: what DynamoDB takes at most.
const REQUEST_BYTES: usize = 16 << 20;

/// How a sandbox is to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where AWS clients connect: loopback only; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// What runs the tasks.
    pub programs: Programs,
    /// How long an exchange through a load balancer may be idle: 60 seconds on AWS unless set.
    pub idle_timeout: Duration,
}

impl Options {
    /// Loopback, a port that the system chooses, AWS's idle timeout.
    pub fn new(programs: Programs) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            programs,
            idle_timeout: Duration::from_secs(60),
        }
    }
}

/// Why a sandbox could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Whoever can connect can run programs here, so only this machine may.
    #[error("the sandbox listens on loopback only, not on {0}")]
    NotLoopback(SocketAddr),
    /// The address is taken or is not there.
    #[error("listening on {address} failed")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// It was started outside of a tokio runtime.
    #[error("the sandbox needs a tokio runtime")]
    NoRuntime(#[source] TryCurrentError),
}

/// A cloud that runs for real on loopback: an endpoint for AWS clients, a socket for each listener
/// of a load balancer, a process for each task.
///
/// Dropping it kills all tasks at once; [`Sandbox::shutdown`] ends them in order. When the process
/// itself is killed by SIGKILL nothing can be done any more, but every task's standard input
/// closes, and the demo program ends by that.
#[derive(Debug)]
pub struct Sandbox {
    core: Arc<Core>,
    endpoint: SocketAddr,
}

impl Sandbox {
    /// Starts to serve a cloud; its listeners are served when this returns. Needs a tokio runtime.
    ///
    /// # Errors
    /// When `listen` is not a loopback address or cannot be listened on, or without a runtime.
    pub fn start(cloud: Cloud, options: Options) -> Result<Self, StartError> {
        let address = options.listen;
        if !address.ip().is_loopback() {
            return Err(StartError::NotLoopback(address));
        }
        let runtime = Handle::try_current().map_err(StartError::NoRuntime)?;
        let failed = |source| StartError::Listen { address, source };
        let listener = bind(address).map_err(failed)?;
        let endpoint = listener.local_addr().map_err(failed)?;
        let upstream = Upstream::new(options.idle_timeout);
        let core = Arc::new(Core::new(cloud, options.programs, upstream, runtime));
        core.spawn(serve_api(listener, Arc::clone(&core)));
        core.act(|_, _| ());
        core.spawn(Arc::clone(&core).drive());
        Ok(Self { core, endpoint })
    }

    /// Where AWS clients connect.
    pub fn endpoint(&self) -> SocketAddr {
        self.endpoint
    }

    /// Where a listener of a load balancer is served; nothing when there is no such listener.
    pub fn listener_address(&self, listener: &str) -> Option<SocketAddr> {
        let served =
            self.core.listeners().into_iter().find(|served| served.listener == listener)?;
        Some(served.address)
    }

    /// The listeners that are served.
    pub fn listeners(&self) -> Vec<ServedListener> {
        self.core.listeners()
    }

    /// The tasks that run.
    pub fn tasks(&self) -> Vec<RunningTask> {
        self.core.tasks()
    }

    /// The last lines that a task printed, oldest first; empty when nothing is known of it. Of
    /// ended tasks the latest are remembered.
    pub fn task_log(&self, task: &str) -> Vec<String> {
        self.core.log(task).map(|log| log.lines()).unwrap_or_default()
    }

    /// The cloud's time: what changes made by [`Self::with_cloud`] happen at.
    pub fn now(&self) -> Time {
        self.core.now()
    }

    /// Looks at the cloud or changes it; what that asks for is under way when this returns. The
    /// cloud stands still meanwhile.
    pub fn with_cloud<T>(&self, action: impl FnOnce(&mut Cloud) -> T) -> T {
        self.core.act(|cloud, _| action(cloud))
    }

    /// Ends everything in order: no new connections, requests in flight get 3 seconds, then tasks get
    /// 3 seconds; what is left then is killed. When this returns no task and no socket is left.
    pub async fn shutdown(self) {
        self.core.stop().await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.core.kill();
    }
}

/// Serves AWS clients until the sandbox stops.
async fn serve_api(listener: TcpListener, core: Arc<Core>) {
    let connected = |_peer| {
        let core = Arc::clone(&core);
        move |request| answer(Arc::clone(&core), request)
    };
    serve(listener, core.stopping().cancelled(), GRACE, connected).await;
}

/// Answers one request of an AWS client.
async fn answer(core: Arc<Core>, request: Received) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body = match Limited::new(body, REQUEST_BYTES).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return plain(StatusCode::PAYLOAD_TOO_LARGE, "the request is too large\n"),
    };
    let request = Request::from_parts(head, body);
    core.act(|cloud, now| wire::handle(cloud, request, now)).map(whole)
}
