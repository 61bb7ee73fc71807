//! A cloud with a balancer, a listener and two target groups, and a client of it.

use std::time::Duration;

use bytes::Bytes;
use ecs_deploy_sandbox::model::elb::{RequestHead, Routed};
use ecs_deploy_sandbox::model::{Cloud, Job, ProbeOutcome, Report, Scope, Settings, Time};
use ecs_deploy_sandbox::wire::handle;
use http::{HeaderMap, Method, Request};
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use serde_json::{Map, Value};

pub(crate) struct World {
    pub(crate) cloud: Cloud,
    pub(crate) now: Time,
    pub(crate) balancer: String,
    pub(crate) listener: String,
    pub(crate) green: String,
    pub(crate) blue: String,
}

/// An error's status and code.
pub(crate) type Refusal = (u16, String);

impl World {
    /// A balancer with a listener on port 80 that answers 404, and two groups in no rule.
    pub(crate) fn new() -> Self {
        let mut world = Self {
            cloud: Cloud::new(Settings::default()),
            now: Time(Duration::from_secs(1_700_000_000)),
            balancer: String::new(),
            listener: String::new(),
            green: String::new(),
            blue: String::new(),
        };
        let balancer = "Name=web&Subnets.member.1=a&Subnets.member.2=b";
        let made = world.ok("CreateLoadBalancer", balancer);
        world.balancer = text(&made["LoadBalancers"][0]["LoadBalancerArn"]);
        let listener = format!(
            "LoadBalancerArn={}&Protocol=HTTP&Port=80&DefaultActions.member.1.Type=fixed-response\
             &DefaultActions.member.1.FixedResponseConfig.StatusCode=404",
            world.balancer
        );
        world.listener =
            text(&world.ok("CreateListener", &listener)["Listeners"][0]["ListenerArn"]);
        world.green = world.group("green");
        world.blue = world.group("blue");
        world
    }

    pub(crate) fn group(&mut self, name: &str) -> String {
        let form = format!("Name={name}&Protocol=HTTP&Port=8080&VpcId=vpc-1&TargetType=ip");
        text(&self.ok("CreateTargetGroup", &form)["TargetGroups"][0]["TargetGroupArn"])
    }

    /// Creates a rule with a condition on the path.
    pub(crate) fn rule(&mut self, priority: u32, path: &str, action: &str) -> String {
        let form = self.rule_form(priority, path, action);
        text(&self.ok("CreateRule", &form)["Rules"][0]["RuleArn"])
    }

    pub(crate) fn rule_form(&self, priority: u32, path: &str, action: &str) -> String {
        format!(
            "ListenerArn={}&Priority={priority}&Conditions.member.1.Field=path-pattern\
             &Conditions.member.1.Values.member.1={path}&{action}",
            self.listener
        )
    }

    pub(crate) fn ok(&mut self, operation: &str, form: &str) -> Value {
        self.call(operation, form).unwrap_or_else(|refusal| panic!("{operation}: {refusal:?}"))
    }

    pub(crate) fn refused(&mut self, operation: &str, form: &str) -> String {
        self.call(operation, form).expect_err(operation).1
    }

    pub(crate) fn call(&mut self, operation: &str, form: &str) -> Result<Value, Refusal> {
        let service = match operation {
            "AssumeRole" | "GetCallerIdentity" => "sts",
            _ => "elasticloadbalancing",
        };
        self.call_as("111111111111", service, operation, form)
    }

    pub(crate) fn call_as(
        &mut self,
        key: &str,
        service: &str,
        operation: &str,
        form: &str,
    ) -> Result<Value, Refusal> {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/{service}/aws4_request, \
             SignedHeaders=host, Signature=00"
        );
        let request = Request::post("/")
            .header("authorization", authorization)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(format!("Action={operation}&{form}")))
            .expect("a good request");
        let response = handle(&mut self.cloud, request, self.now);
        let mut body = read_xml(response.body());
        if response.status() == 200 {
            let result = &mut body[format!("{operation}Response")][format!("{operation}Result")];
            return Ok(result.take());
        }
        let code = text(&body["ErrorResponse"]["Error"]["Code"]);
        Err((response.status().as_u16(), code))
    }

    pub(crate) fn pass(&mut self, time: Duration) {
        self.now = self.now + time;
        self.cloud.step(self.now);
    }

    /// Answers every probe that is due, and tells who was probed.
    pub(crate) fn answer_probes(&mut self, outcome: ProbeOutcome) -> Vec<String> {
        let mut probed = Vec::new();
        for job in self.cloud.take_jobs() {
            if let Job::Probe { scope, target_group, target, .. } = job {
                probed.push(target.ip.to_string());
                let report = Report::Probed { scope, target_group, target, outcome };
                self.cloud.report(report, self.now);
            }
        }
        probed
    }

    /// Registers a target on port 8080.
    pub(crate) fn register(&mut self, group: &str, ip: &str) {
        let form = format!("TargetGroupArn={group}&Targets.member.1.Id={ip}");
        self.ok("RegisterTargets", &form);
    }

    /// Registers a target and lets it become healthy.
    pub(crate) fn healthy(&mut self, group: &str, ip: &str) {
        self.register(group, ip);
        self.pass(Duration::from_secs(1));
        self.answer_probes(ProbeOutcome::Status(200));
    }

    /// The state and the reason of a group's targets, in the order of their addresses.
    pub(crate) fn states(&mut self, group: &str) -> Vec<(String, String)> {
        let health = self.ok("DescribeTargetHealth", &format!("TargetGroupArn={group}"));
        let state = |target: &Value| {
            let health = &target["TargetHealth"];
            (text(&health["State"]), text(&health["Reason"]))
        };
        list(&health["TargetHealthDescriptions"]).iter().map(state).collect()
    }

    /// Where a request for a path goes on a node, at the present time.
    pub(crate) fn get(&mut self, node: usize, path: &str) -> Routed {
        self.route(node, &head(path))
    }

    pub(crate) fn route(&mut self, node: usize, head: &RequestHead) -> Routed {
        let scope = Scope { account: "111111111111".to_owned(), region: "us-east-1".to_owned() };
        self.cloud.route(&scope, &self.listener, node, head, self.now)
    }
}

pub(crate) fn head(path: &str) -> RequestHead {
    RequestHead {
        method: Method::GET,
        host: "shop.example.com:8080".to_owned(),
        path: path.to_owned(),
        query: None,
        headers: HeaderMap::new(),
        source: [203, 0, 113, 9].into(),
    }
}

/// The target's address, or the status of the balancer's own answer.
pub(crate) fn told(routed: Routed) -> String {
    match routed {
        Routed::Target { target, .. } => target.ip.to_string(),
        Routed::Respond { status, .. } => status.as_u16().to_string(),
    }
}

pub(crate) fn forward(group: &str) -> String {
    format!("Actions.member.1.Type=forward&Actions.member.1.TargetGroupArn={group}")
}

pub(crate) fn fixed(status: u16) -> String {
    format!(
        "Actions.member.1.Type=fixed-response\
         &Actions.member.1.FixedResponseConfig.StatusCode={status}"
    )
}

pub(crate) fn weighted(groups: &[(&str, u16)]) -> String {
    let mut form = "Actions.member.1.Type=forward".to_owned();
    for (index, (group, weight)) in groups.iter().enumerate() {
        let member = format!("Actions.member.1.ForwardConfig.TargetGroups.member.{}", index + 1);
        form += &format!("&{member}.TargetGroupArn={group}&{member}.Weight={weight}");
    }
    form
}

/// A value as a form has it.
pub(crate) fn encoded(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub(crate) fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// XML as JSON: `member` elements as a list, leaves as text.
fn read_xml(body: &[u8]) -> Value {
    let mut reader = Reader::from_reader(body);
    read_element(&mut reader)
}

fn read_element(reader: &mut Reader<&[u8]>) -> Value {
    let (mut members, mut items, mut content) = (Map::new(), Vec::new(), String::new());
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) if start.name().as_ref() == "member" => {
                items.push(read_element(reader));
            }
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                members.insert(name, read_element(reader));
            }
            Event::Text(part) => content += &part,
            Event::GeneralRef(name) => {
                content += resolve_predefined_entity(&name).expect("a predefined entity");
            }
            Event::End(_) | Event::Eof => break,
            _ => {}
        }
    }
    match (members.is_empty(), items.is_empty()) {
        (false, _) => Value::Object(members),
        (true, false) => Value::Array(items),
        (true, true) => Value::String(content),
    }
}
