use std::collections::BTreeMap;

use ecs_deploy::cloud::ErrorClass;
use ecs_deploy::names::{BuildNumber, ProjectName};

use super::Bench;

fn project() -> ProjectName {
    "shop".parse().unwrap()
}

fn tags(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

#[tokio::test(start_paused = true)]
async fn the_latest_build_is_the_highest_one_that_has_every_tag() {
    let Bench { world, shop, cloud, .. } = Bench::new().await;
    shop.put_artifact(&world, "shop", 9, Some(&[("SHA", "abc"), ("Kind", "a")]));
    shop.put_artifact(&world, "shop", 10, Some(&[("SHA", "abc")]));
    shop.put_artifact(&world, "shop", 11, None);
    shop.put_artifact(&world, "shopping", 99, Some(&[("SHA", "abc")]));
    let latest = async |pairs| {
        let found = cloud.artifacts.latest(&project(), &tags(pairs)).await.unwrap();
        found.map(|artifact| artifact.build_number.0)
    };
    assert_eq!(latest(&[("SHA", "abc")]).await, Some(10));
    assert_eq!(latest(&[("SHA", "abc"), ("Kind", "a")]).await, Some(9));
    assert_eq!(latest(&[("SHA", "")]).await, Some(11));
    assert_eq!(latest(&[]).await, Some(11));
    assert_eq!(latest(&[("SHA", "xyz")]).await, None);
}

#[tokio::test(start_paused = true)]
async fn builds_are_read_beyond_the_first_page() {
    let Bench { world, shop, cloud, .. } = Bench::new().await;
    for build in 1..=450 {
        let sha = build.to_string();
        shop.put_artifact(&world, "shop", build, Some(&[("SHA", &sha)]));
    }
    let oldest = cloud.artifacts.latest(&project(), &tags(&[("SHA", "1")])).await.unwrap().unwrap();
    assert_eq!((oldest.build_number, oldest.value.as_str()), (BuildNumber(1), "shop:1"));
    let newest = cloud.artifacts.newest(&project(), 250).await.unwrap();
    let numbers: Vec<u64> = newest.iter().map(|artifact| artifact.build_number.0).collect();
    assert_eq!(numbers, (201..=450).rev().collect::<Vec<_>>());
    assert!(cloud.artifacts.newest(&project(), 0).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn one_build_is_read_by_its_number() {
    let Bench { world, shop, cloud, .. } = Bench::new().await;
    shop.put_artifact(&world, "shop", 7, Some(&[("SHA", "abc")]));
    let artifact = cloud.artifacts.get(&project(), BuildNumber(7)).await.unwrap().unwrap();
    assert_eq!(artifact.tags, tags(&[("SHA", "abc")]));
    assert_eq!(cloud.artifacts.get(&project(), BuildNumber(8)).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_tag_is_set_on_builds_with_and_without_tags() {
    let bench = Bench::new().await;
    let Bench { world, shop, cloud, .. } = &bench;
    shop.put_artifact(world, "shop", 1, Some(&[("SHA", "abc")]));
    shop.put_artifact(world, "shop", 2, None);
    for build in [1, 2] {
        let (build, permit) = (BuildNumber(build), bench.permit());
        for value in ["started", "success"] {
            let artifacts = &cloud.artifacts;
            artifacts.set_tag(&permit, &project(), build, "deploy-dev-1a2b", value).await.unwrap();
        }
        let artifact = cloud.artifacts.get(&project(), build).await.unwrap().unwrap();
        assert_eq!(artifact.tags["deploy-dev-1a2b"], "success");
    }
    let first = cloud.artifacts.get(&project(), BuildNumber(1)).await.unwrap().unwrap();
    assert_eq!(first.tags["SHA"], "abc");
}

#[tokio::test(start_paused = true)]
async fn a_missing_build_is_not_tagged_into_being() {
    let bench = Bench::new().await;
    let artifacts = &bench.cloud.artifacts;
    let build = BuildNumber(5);
    let error = artifacts.set_tag(&bench.permit(), &project(), build, "k", "v").await.unwrap_err();
    assert_eq!(error.class, ErrorClass::NotFound);
    assert_eq!(artifacts.get(&project(), build).await.unwrap(), None);
}
