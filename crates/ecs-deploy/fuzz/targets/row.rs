//! A lock row's data: any bytes are a status or an error, and a status is written back as it was read.
#![no_main]

use ecs_deploy::journal::codec;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(state) = codec::decode(data) else { return };
    let row = codec::encode(&state);
    let again = codec::decode(&row).expect("what this program writes it reads");
    assert_eq!(codec::encode(&again), row);
});
