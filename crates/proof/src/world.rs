//! A local AWS in virtual time.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_smithy_async::time::TimeSource;
use bytes::Bytes;
use dynamolock::TokioClock;
use ecs_deploy::Runtime;
use ecs_deploy::command::Commands;
use ecs_deploy::journal::Actor;
use ecs_deploy::names::{AccountId, Region};
use ecs_deploy_aws::{
    ARTIFACT_TABLE, ArtifactDb, Environment, Options, Scope, SharedCredentialsProvider,
    SharedHttpClient, SharedTimeSource, connect, connect_artifacts,
};
use ecs_deploy_sandbox::model::simulate::{Behaviour, Simulator};
use ecs_deploy_sandbox::model::{Cloud, Settings, Time};
use ecs_deploy_sandbox::wire::handle;
use http::{Request, Response};
use jiff::Timestamp;
use serde_json::Value;
use tokio::time::Instant;

use crate::Line;
use crate::door::{Door, Mishap};

/// When every world begins, since the Unix epoch.
const BEGIN: Duration = Duration::from_secs(1_800_000_000);

/// A local AWS that follows tokio's clock. Clones are the same world.
///
/// Nothing has to drive it: whoever looks at it, or calls it, sees everything that was due until
/// then, each thing at its time.
#[derive(Clone)]
pub struct World {
    begin: Instant,
    state: Arc<Mutex<State>>,
}

struct State {
    cloud: Cloud,
    simulator: Simulator,
    seen: Time,
    mishaps: VecDeque<Mishap>,
    watchers: Vec<Watcher>,
    listeners: Vec<Listener>,
    auditors: Vec<Box<dyn Auditor>>,
}

/// A call of a program, answered.
pub(crate) struct Call<'a> {
    pub(crate) by: &'a Line,
    pub(crate) request: &'a Request<Bytes>,
    pub(crate) answer: &'a Response<Bytes>,
}

/// Looks at the cloud as a call of a program leaves for it, right before it arrives, and right after.
pub(crate) trait Auditor: Send {
    fn leaves(&mut self, by: &Line, request: &Request<Bytes>, cloud: &mut Cloud, now: Time);
    fn before(&mut self, cloud: &mut Cloud, now: Time);
    fn after(&mut self, call: &Call<'_>, cloud: &mut Cloud, now: Time);
}

/// Hears the answers to clients.
type Listener = Box<dyn FnMut(&Response<Bytes>) + Send>;

/// Looks at the cloud whenever something may have happened.
type Watcher = Box<dyn FnMut(&mut Cloud, Time) + Send>;

impl World {
    /// An empty world.
    pub fn new(settings: Settings) -> Self {
        let state = State {
            cloud: Cloud::new(settings),
            simulator: Simulator::default(),
            seen: Time(BEGIN),
            mishaps: VecDeque::new(),
            watchers: Vec::new(),
            listeners: Vec::new(),
            auditors: Vec::new(),
        };
        Self { begin: Instant::now(), state: Arc::new(Mutex::new(state)) }
    }

    /// The time in the world.
    pub fn now(&self) -> Time {
        Time(BEGIN + self.begin.elapsed())
    }

    /// Looks into the cloud as it is now, or changes it behind everybody's back.
    pub fn with<T>(&self, look: impl FnOnce(&mut Cloud, Time) -> T) -> T {
        let now = self.now();
        let mut state = self.state(now);
        let seen = look(&mut state.cloud, now);
        state.drive(now);
        seen
    }

    /// Lets somebody look at the cloud at every moment at which something may have happened, from
    /// now on.
    pub fn watch(&self, watcher: impl FnMut(&mut Cloud, Time) + Send + 'static) {
        let now = self.now();
        let mut state = self.state(now);
        state.watchers.push(Box::new(watcher));
        state.drive(now);
    }

    /// Tells what tasks with this image do from now on.
    pub fn behave(&self, image: &str, behaviour: Behaviour) {
        self.state(self.now()).simulator.behaviours.insert(image.to_owned(), behaviour);
    }

    /// Lets something befall the next request; several befall one after the other.
    pub fn befall(&self, mishap: Mishap) {
        self.state(self.now()).mishaps.push_back(mishap);
    }

    /// Whoever asks is about to call, and the world catches up then.
    pub(crate) fn next_mishap(&self) -> Option<Mishap> {
        self.state.lock().expect("nobody panics while holding the world").mishaps.pop_front()
    }

    /// Answers a request of an AWS client.
    pub fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let answer = self.with(|cloud, now| handle(cloud, request, now));
        for listener in &mut self.state(self.now()).listeners {
            listener(&answer);
        }
        answer
    }

    /// A program's request leaves, and will arrive.
    pub(crate) fn hear_of(&self, by: &Line, request: &Request<Bytes>) {
        let now = self.now();
        let state = &mut *self.state(now);
        for auditor in &mut state.auditors {
            auditor.leaves(by, request, &mut state.cloud, now);
        }
    }

    /// Answers a request of a program's as it arrives.
    pub(crate) fn answer_to(&self, by: &Line, request: Request<Bytes>) -> Response<Bytes> {
        let (now, asked) = (self.now(), request.clone());
        {
            let state = &mut *self.state(now);
            state.auditors.iter_mut().for_each(|auditor| auditor.before(&mut state.cloud, now));
        }
        let answer = self.answer(request);
        let call = Call { by, request: &asked, answer: &answer };
        let state = &mut *self.state(now);
        state.auditors.iter_mut().for_each(|auditor| auditor.after(&call, &mut state.cloud, now));
        answer
    }

    /// Lets somebody judge every call of a program from now on.
    pub(crate) fn audit(&self, auditor: impl Auditor + 'static) {
        self.state(self.now()).auditors.push(Box::new(auditor));
    }

    /// Lets somebody hear every answer to a client from now on.
    pub fn overhear(&self, listener: impl FnMut(&Response<Bytes>) + Send + 'static) {
        self.state(self.now()).listeners.push(Box::new(listener));
    }

    /// Calls an operation of ECS as the owner of an account, in the shape of the API.
    ///
    /// # Panics
    /// If ECS refuses it.
    pub fn ecs(
        &self,
        account: &AccountId,
        region: &Region,
        operation: &str,
        input: &Value,
    ) -> Value {
        let request = signed(account, region, "ecs")
            .header("x-amz-target", format!("AmazonEC2ContainerServiceV20141113.{operation}"))
            .body(Bytes::from(input.to_string()))
            .expect("a request made of good parts");
        let response = self.answer(request);
        let body = serde_json::from_slice(response.body()).expect("ECS answers in JSON");
        assert!(response.status().is_success(), "{operation}: {body}");
        body
    }

    /// Calls an operation of Elastic Load Balancing as the owner of an account; `form` is its input.
    ///
    /// # Panics
    /// If it is refused.
    pub fn elb(&self, account: &AccountId, region: &Region, form: String) {
        self.ask_elb(account, region, form).expect("Elastic Load Balancing accepts the request");
    }

    /// Calls an operation of Elastic Load Balancing, which may refuse it: then its answer is returned.
    pub(crate) fn ask_elb(
        &self,
        account: &AccountId,
        region: &Region,
        form: String,
    ) -> Result<(), String> {
        let request = signed(account, region, "elasticloadbalancing")
            .body(Bytes::from(form))
            .expect("a request made of good parts");
        let response = self.answer(request);
        match response.status().is_success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(response.body()).into_owned()),
        }
    }

    /// Settings with which the SDK talks to this world alone, over the line of one program.
    pub fn options(&self, line: &Line) -> Options {
        let mut options = Options::default();
        options.environment = Environment::given([]);
        options.http_client = Some(SharedHttpClient::new(Door::new(self, line)));
        options.time_source = Some(SharedTimeSource::new(self.clone()));
        options
    }

    /// The ports that a deploy has: the lock table and ArtifactDB of one account, ECS and the load
    /// balancer of another.
    pub async fn connect(
        &self,
        line: &Line,
        config: (&AccountId, &Region),
        deploy: (&AccountId, &Region),
    ) -> ecs_deploy::cloud::Cloud {
        let connection = connect(&self.options(line), &scope(config), &scope(deploy)).await;
        connection.expect("no endpoint is given that could be wrong").cloud
    }

    /// ArtifactDB of an account, for a program that holds no lock.
    pub async fn artifacts(&self, line: &Line, owner: (&AccountId, &Region)) -> ArtifactDb {
        connect_artifacts(&self.options(line), &scope(owner), ARTIFACT_TABLE)
            .await
            .expect("no endpoint is given that could be wrong")
    }

    /// What a deploy of a user's needs of its machine, which follows the world's clock. `tokens`
    /// counts the tokens that were minted.
    pub fn runtime(
        &self,
        user: &'static str,
        tokens: Arc<AtomicU32>,
        commands: Arc<dyn Commands>,
    ) -> Runtime {
        let world = self.clone();
        let wall = move || {
            let now = i64::try_from(world.now().0.as_millis()).expect("not so late");
            Timestamp::from_millisecond(now).expect("not so late")
        };
        let token = move || format!("{user}-{}", tokens.fetch_add(1, Ordering::SeqCst));
        Runtime {
            clock: Arc::new(TokioClock::new()),
            wall: Arc::new(wall),
            token: Arc::new(token),
            commands,
            actor: Actor { user: user.to_owned(), host: "desk".to_owned(), job: None },
        }
    }

    fn state(&self, now: Time) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().expect("nobody panics while holding the world");
        state.catch_up(now);
        state
    }
}

fn signed(account: &AccountId, region: &Region, service: &str) -> http::request::Builder {
    let credential = format!(
        "AWS4-HMAC-SHA256 Credential={account}/20270115/{region}/{service}/aws4_request, \
         SignedHeaders=host, Signature=00"
    );
    Request::post("/").header("authorization", credential)
}

/// The sandbox takes an account's number for the access key of its owner.
fn scope((account, region): (&AccountId, &Region)) -> Scope {
    let owner = Credentials::builder()
        .access_key_id(account.as_str())
        .secret_access_key("nobody checks it")
        .provider_name("World")
        .build();
    Scope::new(region.clone()).with_credentials(SharedCredentialsProvider::new(owner))
}

impl State {
    /// Lets happen what was due until `now`, one thing after the other.
    fn catch_up(&mut self, now: Time) {
        while self.seen < now {
            let dues = [self.simulator.next_due(), self.cloud.next_due(self.seen)];
            self.seen = dues.into_iter().flatten().fold(now, Time::min);
            self.drive(self.seen);
        }
    }

    fn drive(&mut self, now: Time) {
        self.simulator.drive(&mut self.cloud, now);
        for watcher in &mut self.watchers {
            watcher(&mut self.cloud, now);
        }
    }
}

impl TimeSource for World {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + self.now().0
    }
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("now", &self.now()).finish_non_exhaustive()
    }
}
