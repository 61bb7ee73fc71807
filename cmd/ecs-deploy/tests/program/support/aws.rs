//! The sandbox's cloud, asked and changed by hand as an AWS client would.

use std::net::SocketAddr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use super::ACCOUNT;

/// The listener of the environment.
pub(crate) const LISTENER: &str = "arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/app/shop-dev/50dc6c495c0c9188/f2f7dc8efc522ab2";

/// The cloud behind an endpoint, as an account sees it in a region.
pub(crate) struct Cloud {
    pub(crate) endpoint: SocketAddr,
    account: String,
    region: String,
}

/// The rules of the listener: the ARN of each color's, the one that serves first.
struct Rules([(String, String); 2]);

impl Cloud {
    pub(crate) fn new(endpoint: SocketAddr) -> Self {
        Self::of(endpoint, ACCOUNT, "us-east-1")
    }

    /// The same as another account sees it, or in another region.
    pub(crate) fn of(endpoint: SocketAddr, account: &str, region: &str) -> Self {
        Self { endpoint, account: account.to_owned(), region: region.to_owned() }
    }

    /// The task sets of the service, as `(id, status, color)`.
    pub(crate) async fn task_sets(&self) -> Vec<(String, String, String)> {
        // Reads lag behind writes, here as on AWS.
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        let which = json!({"cluster": "main", "service": "shop-dev"});
        let answer = self.ecs("DescribeTaskSets", which).await;
        let sets = answer["taskSets"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        sets.map(|set| {
            let group = text(&set["loadBalancers"][0]["targetGroupArn"]);
            let color = if group.contains("shop-dev-blue") { "blue" } else { "green" };
            (text(&set["id"]), text(&set["status"]), color.to_owned())
        })
        .collect()
    }

    /// The color that serves, by the listener's rules.
    pub(crate) async fn serving(&self) -> String {
        let Rules([(color, _), _]) = self.rules().await;
        color
    }

    /// The rules in the order in which the listener asks them.
    async fn rules(&self) -> Rules {
        let form = format!("Action=DescribeRules&Version=2015-12-01&ListenerArn={LISTENER}");
        let xml = self.query(form).await;
        let mut found: Vec<(u32, String, String)> = Vec::new();
        for rule in xml.split("<RuleArn>").skip(1) {
            let arn = rule.split('<').next().unwrap().to_owned();
            // The members of a rule come in no fixed order: its ARN belongs to what follows it or
            // to what goes before, so each is looked for by the id that the ARN ends with.
            found.extend(self.rule(&arn).await);
        }
        found.sort();
        let [first, second] = <[_; 2]>::try_from(found).unwrap();
        Rules([(first.1, first.2), (second.1, second.2)])
    }

    async fn rule(&self, arn: &str) -> Option<(u32, String, String)> {
        let form = format!("Action=DescribeRules&Version=2015-12-01&RuleArns.member.1={arn}");
        let xml = self.query(form).await;
        let priority = xml.split("<Priority>").nth(1)?.split('<').next()?.parse().ok()?;
        let color = if xml.contains("shop-dev-blue") { "blue" } else { "green" };
        Some((priority, color.to_owned(), arn.to_owned()))
    }

    /// Exchanges the colors and marks a task set PRIMARY: a rollback by hand.
    pub(crate) async fn roll_back(&self, task_set: &str) {
        let Rules([(_, serving), (_, idle)]) = self.rules().await;
        self.query(format!(
            "Action=SetRulePriorities&Version=2015-12-01\
             &RulePriorities.member.1.RuleArn={idle}&RulePriorities.member.1.Priority=11\
             &RulePriorities.member.2.RuleArn={serving}&RulePriorities.member.2.Priority=12"
        ))
        .await;
        let which = json!({"cluster": "main", "service": "shop-dev", "primaryTaskSet": task_set});
        self.ecs("UpdateServicePrimaryTaskSet", which).await;
    }

    /// The status that the row of the lock holds.
    pub(crate) async fn status(&self) -> Option<Value> {
        let row = self.lock_row().await;
        let data = BASE64_STANDARD.decode(row["data"]["B"].as_str()?).unwrap();
        Some(serde_json::from_slice(&data).unwrap())
    }

    /// The row of the lock.
    pub(crate) async fn lock_row(&self) -> Value {
        self.row("shop-dev").await
    }

    /// The row of any lock.
    pub(crate) async fn row(&self, key: &str) -> Value {
        let which = json!({"TableName": "DeployLock", "Key": {"key": {"S": key}}});
        self.json("dynamodb", "DynamoDB_20120810.GetItem", which).await["Item"].take()
    }

    /// Puts the row of the lock, as a client would that is none of ours.
    pub(crate) async fn put_lock_row(&self, data: &str, other: (&str, Value)) {
        self.put_row("shop-dev", data, &[other]).await;
    }

    /// Puts the row of any lock, with other attributes than a client would write; null for none.
    pub(crate) async fn put_row(&self, key: &str, data: &str, others: &[(&str, Value)]) {
        let data = BASE64_STANDARD.encode(data);
        let mut item = json!({
            "key": {"S": key}, "ownerName": {"S": "somebody"},
            "recordVersionNumber": {"S": "1"}, "leaseDuration": {"S": "2s"}, "data": {"B": data}
        });
        for (name, value) in others {
            item[*name] = value.clone();
        }
        item.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let row = json!({"TableName": "DeployLock", "Item": item});
        self.json("dynamodb", "DynamoDB_20120810.PutItem", row).await;
    }

    /// Sets how many tasks the service has.
    pub(crate) async fn set_desired_count(&self, count: u32) {
        let change = json!({"cluster": "main", "service": "shop-dev", "desiredCount": count});
        self.ecs("UpdateService", change).await;
    }

    /// The tags of a build.
    pub(crate) async fn tags(&self, build: u32) -> Value {
        let key = json!({"ProjectName": {"S": "shop"}, "BuildNumber": {"N": build.to_string()}});
        let which = json!({"TableName": "ArtifactDB", "Key": key});
        self.json("dynamodb", "DynamoDB_20120810.GetItem", which).await["Item"]["Tags"]["M"].take()
    }

    pub(crate) async fn ecs(&self, operation: &str, input: Value) -> Value {
        let target = format!("AmazonEC2ContainerServiceV20141113.{operation}");
        self.json("ecs", &target, input).await
    }

    pub(crate) async fn json(&self, service: &str, target: &str, input: Value) -> Value {
        let call = Request::post("/")
            .header("authorization", self.authorization(service))
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", target);
        let answer = request(self.endpoint, call, input.to_string()).await;
        assert!(answer.status().is_success(), "{target}: {answer:?}");
        serde_json::from_slice(answer.body()).unwrap()
    }

    /// Asks the load balancer or STS.
    pub(crate) async fn query(&self, form: String) -> String {
        let call = Request::post("/")
            .header("authorization", self.authorization("elasticloadbalancing"))
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = request(self.endpoint, call, form.clone()).await;
        assert!(answer.status().is_success(), "{form}: {answer:?}");
        String::from_utf8(answer.body().to_vec()).unwrap()
    }

    /// Who calls; nobody checks the signature.
    fn authorization(&self, service: &str) -> String {
        let Self { account, region, .. } = self;
        let credential = format!("{account}/20260101/{region}/{service}/aws4_request");
        format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=00")
    }
}

/// The version that answers at an address.
pub(crate) async fn version(address: SocketAddr) -> String {
    version_for(address, Request::get("/")).await
}

/// The version that answers a request.
pub(crate) async fn version_for(address: SocketAddr, asked: http::request::Builder) -> String {
    let answer = request(address, asked, String::new()).await;
    answer.headers()["x-version"].to_str().unwrap().to_owned()
}

async fn request(
    address: SocketAddr,
    request: http::request::Builder,
    body: String,
) -> Response<Bytes> {
    let path = request.uri_ref().map_or("/", |uri| uri.path()).to_owned();
    let request =
        request.uri(format!("http://{address}{path}")).body(Full::new(Bytes::from(body))).unwrap();
    let client = Client::builder(TokioExecutor::new()).build_http();
    let (head, body) = client.request(request).await.unwrap().into_parts();
    Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}
