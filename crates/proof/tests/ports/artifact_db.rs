//! ArtifactDB as programs use it that hold no lock.

use std::collections::BTreeMap;

use ecs_deploy::cloud::ErrorClass;
use ecs_deploy::names::{ArtifactId, BuildNumber, ProjectName};
use ecs_deploy_aws::{ArtifactDb, NewArtifact};
use ecs_deploy_proof::{Line, Mishap, Shop, World};
use ecs_deploy_sandbox::model::Settings;

/// A program that holds no lock, in a world with the table.
struct Bench {
    world: World,
    shop: Shop,
    line: Line,
    db: ArtifactDb,
}

async fn bench() -> Bench {
    let world = World::new(Settings::default());
    let shop = Shop::build(&world);
    let line = Line::default();
    let db = world.artifacts(&line, (&shop.config_account, &shop.region)).await;
    Bench { world, shop, line, db }
}

fn project() -> ProjectName {
    "shop".parse().unwrap()
}

fn id(text: &str) -> ArtifactId {
    text.parse().unwrap()
}

fn new(value: &str) -> NewArtifact {
    NewArtifact { value: value.to_owned(), ..NewArtifact::default() }
}

#[tokio::test(start_paused = true)]
async fn an_artifact_is_numbered_and_reads_back_as_it_was_created() {
    let Bench { db, .. } = bench().await;
    let base = db.create(&"base".parse().unwrap(), &new("base:1")).await.unwrap();
    assert_eq!(base, BuildNumber(1));
    let tags = BTreeMap::from([("SHA".to_owned(), "abc".to_owned())]);
    let whole = NewArtifact { tags, contained: vec![id("base:1")], ..new("shop:abc") };
    for build in 1..=2 {
        assert_eq!(db.create(&project(), &whole).await.unwrap(), BuildNumber(build));
    }
    let latest = db.latest(&project(), &whole.tags).await.unwrap().unwrap();
    assert_eq!(latest.id, id("shop:2"));
    assert_eq!((latest.artifact.value, latest.artifact.tags), (whole.value, whole.tags));
    assert_eq!(latest.contained, whole.contained);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_neither_fails_a_create_nor_doubles_it() {
    let Bench { line, db, .. } = bench().await;
    db.create(&project(), &new("shop:a")).await.unwrap();
    // The call before, which reads the highest number, has its answer.
    for mishap in [Mishap::AnswerLost, Mishap::Failed, Mishap::Refused, Mishap::Page(502)] {
        line.befall(line.made().len() + 1, mishap);
        let build = db.create(&project(), &new("shop:b")).await.unwrap();
        assert_eq!(
            db.get(&ArtifactId { project: project(), build })
                .await
                .unwrap()
                .unwrap()
                .artifact
                .value,
            "shop:b"
        );
    }
    let latest = db.latest(&project(), &BTreeMap::new()).await.unwrap().unwrap();
    assert_eq!(latest.id, id("shop:5"));
}

#[tokio::test(start_paused = true)]
async fn equal_artifacts_that_are_created_at_once_are_as_many_builds() {
    let Bench { db, .. } = bench().await;
    let (project, same) = (project(), new("shop:same"));
    let create = || db.create(&project, &same);
    let (a, b, c) = tokio::join!(create(), create(), create());
    let mut builds = [a.unwrap(), b.unwrap(), c.unwrap()];
    builds.sort();
    assert_eq!(builds, [1, 2, 3].map(BuildNumber));
}

#[tokio::test(start_paused = true)]
async fn first_tags_that_are_set_at_once_are_all_kept() {
    let Bench { world, shop, db, .. } = bench().await;
    shop.put_artifact(&world, "shop", 1, None);
    let build = id("shop:1");
    let set = |key| db.set_tag(&build, key, "x");
    let (a, b, c) = tokio::join!(set("a"), set("b"), set("c"));
    a.and(b).and(c).unwrap();
    let tags = db.get(&build).await.unwrap().unwrap().artifact.tags;
    assert_eq!(tags.into_keys().collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[tokio::test(start_paused = true)]
async fn what_can_not_pass_is_told_at_once() {
    let Bench { db, .. } = bench().await;
    let before = tokio::time::Instant::now();
    for error in [
        db.set_tag(&id("shop:5"), "a", "b").await.unwrap_err(),
        db.remove_tag(&id("shop:5"), "a").await.unwrap_err(),
        db.create(&project(), &NewArtifact { contained: vec![id("lib:5")], ..new("x") })
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.class, ErrorClass::NotFound, "{error}");
    }
    assert_eq!(before.elapsed(), std::time::Duration::ZERO);
    assert_eq!(db.get(&id("shop:5")).await.unwrap(), None);
}
