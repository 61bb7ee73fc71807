use std::time::Duration;

use dynamolock::{
    Acquire, AcquireError, Attribute, Data, InitialData, Item, LeaseError, Mode, PutCondition,
    TableError,
};
use ecs_deploy::cloud::Cloud;
use ecs_deploy_proof::{Line, Mishap, Shop, World};
use ecs_deploy_sandbox::model::Settings;

use super::locker;

const KEY: &str = "shop-dev";

async fn tables() -> (World, Cloud) {
    let world = World::new(Settings::default());
    let shop = Shop::build(&world);
    let cloud = shop.connect(&world, &Line::default()).await;
    (world, cloud)
}

fn waiting() -> Acquire {
    Acquire { mode: Mode::Wait { additional: Duration::from_secs(10) }, ..Acquire::default() }
}

fn with_data(data: &[u8]) -> Acquire {
    Acquire { data: InitialData::Replace(data.to_vec()), ..Acquire::default() }
}

#[tokio::test(start_paused = true)]
async fn a_held_lock_is_refused_and_a_released_one_is_taken_with_its_data() {
    let (_world, cloud) = tables().await;
    let mut first = locker(&cloud).acquire(KEY, with_data(b"one"), &mut |_| {}).await.unwrap();
    let other = locker(&cloud);
    let refused = other.acquire(KEY, Acquire::default(), &mut |_| {}).await.unwrap_err();
    assert!(matches!(refused, AcquireError::Held { .. }), "{refused}");
    first.release(Data::Replace(b"two".to_vec())).await.unwrap();
    let second = other.acquire(KEY, Acquire::default(), &mut |_| {}).await.unwrap();
    assert_eq!(second.data(), Some(&b"two"[..]));
}

#[tokio::test(start_paused = true)]
async fn a_silent_holder_loses_the_lock_and_learns_of_it() {
    let (_world, cloud) = tables().await;
    let mut first = locker(&cloud).acquire(KEY, Acquire::default(), &mut |_| {}).await.unwrap();
    let begin = tokio::time::Instant::now();
    let second = locker(&cloud).acquire(KEY, waiting(), &mut |_| {}).await.unwrap();
    assert!(begin.elapsed() >= Duration::from_secs(10), "{:?}", begin.elapsed());
    assert_eq!(first.validity().remaining(), Duration::ZERO);
    assert!(matches!(first.heartbeat(Data::Keep).await, Err(LeaseError::Expired)));
    assert!(second.validity().remaining() > Duration::from_secs(9));
}

#[tokio::test(start_paused = true)]
async fn heartbeats_keep_the_lock_from_those_who_wait() {
    let (_world, cloud) = tables().await;
    let mut first = locker(&cloud).acquire(KEY, Acquire::default(), &mut |_| {}).await.unwrap();
    let other = locker(&cloud);
    let beats = async {
        for _ in 0..40 {
            tokio::time::sleep(Duration::from_secs(1)).await;
            first.heartbeat(Data::Replace(b"alive".to_vec())).await.unwrap();
        }
    };
    let mut looks = 0;
    let mut count = |_: dynamolock::Waiting<'_>| looks += 1;
    let (refused, ()) = tokio::join!(other.acquire(KEY, waiting(), &mut count), beats);
    let AcquireError::Held { record, .. } = refused.unwrap_err() else { panic!("not held") };
    assert_eq!(record.data(), Some(&b"alive"[..]));
    assert!(looks >= 10, "{looks}");
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_was_given_up_is_soon_taken_by_one_who_waits() {
    let (_world, cloud) = tables().await;
    let mut first = locker(&cloud).acquire(KEY, Acquire::default(), &mut |_| {}).await.unwrap();
    first.give_up(Data::Replace(b"failed".to_vec())).await.unwrap();
    let other = locker(&cloud);
    assert!(other.acquire(KEY, Acquire::default(), &mut |_| {}).await.is_err());
    let begin = tokio::time::Instant::now();
    let second = other.acquire(KEY, waiting(), &mut |_| {}).await.unwrap();
    assert!(begin.elapsed() <= Duration::from_secs(2), "{:?}", begin.elapsed());
    assert_eq!(second.data(), Some(&b"failed"[..]));
}

#[tokio::test(start_paused = true)]
async fn a_row_written_behind_the_holders_back_is_a_lost_lock() {
    let (_world, cloud) = tables().await;
    let mut lease = locker(&cloud).acquire(KEY, Acquire::default(), &mut |_| {}).await.unwrap();
    let mut row = cloud.locks.get(KEY).await.unwrap().unwrap();
    let Some(Attribute::S(version)) = row.insert("recordVersionNumber".into(), text("stolen"))
    else {
        panic!("a row without a version");
    };
    row.insert("ownerName".into(), text("thief"));
    let done = cloud.locks.put(row, PutCondition::Version(version)).await.unwrap();
    assert_eq!(done, dynamolock::Outcome::Done);
    let error = lease.heartbeat(Data::Keep).await.unwrap_err();
    assert!(error.to_string().contains("thief"), "{error}");
    assert_eq!(lease.validity().remaining(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_whose_answer_was_lost_is_found_in_the_row() {
    let (world, cloud) = tables().await;
    let mut lease = locker(&cloud).acquire(KEY, Acquire::default(), &mut |_| {}).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    world.befall(Mishap::AnswerLost);
    let told = lease.heartbeat(Data::Replace(b"new".to_vec())).await;
    assert!(matches!(told, Ok(()) | Err(LeaseError::Table(_))), "{told:?}");
    lease.heartbeat(Data::Keep).await.unwrap();
    let row = cloud.locks.get(KEY).await.unwrap().unwrap();
    assert_eq!(row["data"].as_b(), Some(&b"new"[..]));
}

#[tokio::test(start_paused = true)]
async fn additional_attributes_of_every_type_survive_a_change_of_owner() {
    let (_world, cloud) = tables().await;
    let odd = Item::from([
        ("n".to_owned(), Attribute::N("1.5".to_owned())),
        ("b".to_owned(), Attribute::B(vec![0, 255])),
        ("bool".to_owned(), Attribute::Bool(true)),
        ("null".to_owned(), Attribute::Null),
        ("l".to_owned(), Attribute::L(vec![text("x"), Attribute::Null])),
        ("m".to_owned(), Attribute::M(Item::from([("x".to_owned(), text("y"))]))),
        ("ss".to_owned(), Attribute::Ss(vec!["a".to_owned(), "b".to_owned()])),
        ("ns".to_owned(), Attribute::Ns(vec!["1".to_owned(), "2".to_owned()])),
        ("bs".to_owned(), Attribute::Bs(vec![vec![1], vec![2]])),
    ]);
    let request = Acquire { attributes: odd.clone(), ..Acquire::default() };
    let mut first = locker(&cloud).acquire(KEY, request, &mut |_| {}).await.unwrap();
    first.release(Data::Keep).await.unwrap();
    locker(&cloud).acquire(KEY, Acquire::default(), &mut |_| {}).await.unwrap();
    let row = cloud.locks.get(KEY).await.unwrap().unwrap();
    for (name, value) in odd {
        assert_eq!(row.get(&name), Some(&value), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_that_dynamodb_finds_too_large_is_told_as_that_and_stays_as_it_was() {
    let (_world, cloud) = tables().await;
    let huge = vec![b'x'; 400 * 1024];
    let client = locker(&cloud);
    let refused = client.acquire(KEY, with_data(&huge), &mut |_| {}).await.unwrap_err();
    assert!(refused.to_string().contains("the data to be written has to be smaller"), "{refused}");
    let mut lease = client.acquire(KEY, with_data(b"small"), &mut |_| {}).await.unwrap();
    let refused = lease.heartbeat(Data::Replace(huge)).await.unwrap_err();
    assert!(matches!(refused, LeaseError::Table(TableError::TooLarge(_))), "{refused}");
    lease.heartbeat(Data::Keep).await.unwrap();
    assert_eq!(lease.data(), Some(&b"small"[..]));
    let row = client.peek(KEY).await.unwrap().unwrap();
    assert_eq!(row.data(), Some(&b"small"[..]));
}

#[tokio::test(start_paused = true)]
async fn a_deleted_row_is_gone() {
    let (_world, cloud) = tables().await;
    let mut lease = locker(&cloud).acquire(KEY, Acquire::default(), &mut |_| {}).await.unwrap();
    lease.delete().await.unwrap();
    assert_eq!(cloud.locks.get(KEY).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_missing_table_is_named() {
    let world = World::new(Settings::default());
    let account = "111111111111".parse().unwrap();
    let region = "us-east-1".parse().unwrap();
    let cloud = world.connect(&Line::default(), (&account, &region), (&account, &region)).await;
    let error = cloud.locks.get(KEY).await.unwrap_err();
    assert!(!error.is_ambiguous());
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("DeployLock"), "{cause}");
}

fn text(text: &str) -> Attribute {
    Attribute::S(text.to_owned())
}
