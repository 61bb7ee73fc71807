//! The shop as its owner sees it.

use ecs_deploy::names::Color;
use ecs_deploy_sandbox::model::Regional;
use ecs_deploy_sandbox::model::ecs::{Service, TaskSet, TaskSetStatus};

use crate::{Shop, World};

/// A task set, as far as its owner cares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stand {
    /// What it sells.
    pub image: String,
    /// The color that it is on.
    pub color: Color,
    /// PRIMARY, ACTIVE or DRAINING.
    pub status: TaskSetStatus,
    /// How many of its tasks run.
    pub running: u32,
}

impl Shop {
    /// The color whose rule comes first.
    pub fn serving(&self, world: &World) -> Color {
        world.with(|cloud, _| self.serving_in(cloud.region(&self.deploy_scope())))
    }

    /// The color whose rule comes first, for each listener.
    pub fn live(&self, world: &World) -> Vec<Color> {
        world.with(|cloud, _| self.live_in(cloud.region(&self.deploy_scope())))
    }

    /// All task sets, the oldest first.
    pub fn stands(&self, world: &World) -> Vec<Stand> {
        world.with(|cloud, _| {
            let regional = cloud.region(&self.deploy_scope());
            let sets = service_in(regional).task_sets.iter();
            sets.map(|set| self.stand(regional, set)).collect()
        })
    }

    /// The one that is PRIMARY.
    pub fn primary(&self, world: &World) -> Option<Stand> {
        self.stands(world).into_iter().find(|stand| stand.status == TaskSetStatus::Primary)
    }

    /// What a color sells.
    pub fn sells(&self, world: &World, color: Color) -> Vec<String> {
        let stands = self.stands(world).into_iter();
        stands.filter(|stand| stand.color == color).map(|stand| stand.image).collect()
    }

    /// The color whose rule comes first in the listener that the config names first.
    pub(crate) fn serving_in(&self, regional: &Regional) -> Color {
        *self.live_in(regional).first().expect("a listener")
    }

    /// The color whose rule comes first, for each listener.
    pub(crate) fn live_in(&self, regional: &Regional) -> Vec<Color> {
        self.listener_arns().map(|listener| self.live_at(regional, listener)).collect()
    }

    fn live_at(&self, regional: &Regional, listener: &str) -> Color {
        let rules = regional.elb.rules_in_order(listener);
        let mut forwards = rules.iter().filter_map(|rule| rule.forward());
        let color = forwards.find_map(|forward| self.color_of(&forward.groups.first()?.arn));
        color.expect("the rules of both colors")
    }

    fn stand(&self, regional: &Regional, set: &TaskSet) -> Stand {
        let definitions = &regional.ecs.task_definitions;
        let definition = definitions.get(&set.template.task_definition).expect("its revision");
        let balancer = set.template.load_balancer.as_ref().expect("a target group");
        let cluster = regional.ecs.cluster("main").expect("the shop's cluster");
        Stand {
            image: definition.registered.containers[0].image.clone(),
            color: self.color_of(&balancer.target_group_arn).expect("a group of the shop's"),
            status: set.status,
            running: cluster.counts(&set.id).running,
        }
    }
}

/// The shop's service, as it is rather than as answers that lag show it.
pub(crate) fn service_in(regional: &Regional) -> &Service {
    let cluster = regional.ecs.cluster("main").expect("the shop's cluster");
    cluster.service_as_it_is("shop").expect("the shop's service")
}
