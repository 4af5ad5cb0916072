//! The documents' examples are what the sandbox takes.

use serde_json::Value;
use spectra_sandbox::{Effect, Limits, Rule, Seed};

const PAGE: &str = include_str!("../../../../docs/sandbox.md");

fn blocks() -> Vec<Value> {
    let parts = PAGE.split("```json\n").skip(1);
    parts.map(|part| serde_json::from_str(part.split("```").next().unwrap()).unwrap()).collect()
}

#[test]
fn every_example_is_read() {
    let blocks = blocks();
    assert_eq!(blocks.len(), 4);
    for block in blocks {
        if block.is_array() {
            serde_json::from_value::<Vec<Rule>>(block).unwrap();
        } else if block.get("creations").is_some() {
            assert_eq!(serde_json::from_value::<Limits>(block).unwrap(), Limits::github());
        } else {
            serde_json::from_value::<Seed>(block).unwrap();
        }
    }
}

#[test]
fn every_effect_is_named() {
    let effects = [
        Effect::CutBeforeCommit,
        Effect::CutAfterCommit,
        Effect::BadGatewayAfterCommit,
        Effect::MalformedBody,
        Effect::TokenExpired,
        Effect::TemporaryConflict,
        Effect::CutAfter { after: 1 },
        Effect::GatewayAfter { status: 502, after: None },
        Effect::SomethingWentWrong { after: None },
        Effect::Delay { ms: 1 },
        Effect::Slow { ms: 1 },
        Effect::SubmittedTooQuickly { from: 1 },
        Effect::ResourceLimitsExceeded { from: 1 },
        Effect::LaggingLists { ms: 1 },
        Effect::PrimaryExhausted { reset_in: 1, status: None, error_type: None },
        Effect::SecondaryRateLimited {
            retry_after: None,
            status: None,
            wording: spectra_sandbox::Wording::default(),
        },
        Effect::Refuse { status: 500, body: String::new(), headers: std::collections::BTreeMap::new() },
    ];
    for effect in effects {
        let value = serde_json::to_value(&effect).unwrap();
        let name = value.as_str().or_else(|| value.as_object()?.keys().next().map(String::as_str)).unwrap();
        assert!(PAGE.contains(&format!("\"{name}\"")), "{name} is not in the page");
    }
}
