//! What goes out as one document, and which answer belongs to which mutation.

use serde_json::json;

use super::*;
use crate::operations::{AddItem, CreateField, SetValue, UpdateField, add_item};

fn item() -> add_item::AddProjectV2ItemByIdInput {
    add_item::AddProjectV2ItemByIdInput {
        content_id: "I_1".into(),
        project_id: "P_1".into(),
        ..Default::default()
    }
}

#[test]
fn a_batch_is_one_document_with_each_fragment_once() {
    let mut batch = Batch::default();
    batch.push::<AddItem>(&item()).unwrap();
    batch.push::<AddItem>(&item()).unwrap();
    let id = spectra_model::id::NodeId::new("X");
    let value = spectra_model::observation::Value::Number(3.5);
    batch.push::<SetValue>(&crate::item::set(&id, &id, &id, &value)).unwrap();
    insta::assert_snapshot!(batch.document(), @r"
    mutation Batch($i0: AddProjectV2ItemByIdInput!, $i1: AddProjectV2ItemByIdInput!, $i2: UpdateProjectV2ItemFieldValueInput!) {
      m0: addProjectV2ItemById(input: $i0) { ...AddItemSel }
      m1: addProjectV2ItemById(input: $i1) { ...AddItemSel }
      m2: updateProjectV2ItemFieldValue(input: $i2) { ...SetValueSel }
    }

    fragment AddItemSel on AddProjectV2ItemByIdPayload {
      item {
        id
      }
    }

    fragment SetValueSel on UpdateProjectV2ItemFieldValuePayload {
      projectV2Item {
        id
      }
    }
    ");
    assert_eq!(
        batch.variables().get("i1").unwrap(),
        &json!({"contentId": "I_1", "projectId": "P_1"}),
        "what is None isn't sent"
    );
}

#[test]
fn fragments_come_with_those_that_they_spread() {
    for document in [CreateField::DOCUMENT, UpdateField::DOCUMENT] {
        let names: Vec<&str> = fragments_of(document).map(|(name, _)| name).collect();
        assert!(names.contains(&"FieldSel") && names.len() == 2, "{names:?}");
    }
}

/// The slots of an answer, each as a word.
fn check(count: usize, answer: Value, expected: &[&str]) {
    let shown = answer.to_string();
    let response = serde_json::from_value(answer).unwrap();
    check_answer(count, Ok(response), expected, &shown);
}

fn check_answer(count: usize, answer: Result<Response<Value>, Failure>, expected: &[&str], shown: &str) {
    let slots: Vec<String> = slots(count, answer)
        .iter()
        .map(|slot| match slot {
            Slot::Ran(_) => "ran".to_owned(),
            Slot::Refused(failure) => format!("refused {}", name(failure)),
            Slot::NotRun(failure) => format!("not run {}", name(failure)),
            Slot::Unknown(failure) => format!("unknown {}", name(failure)),
        })
        .collect();
    assert_eq!(slots, expected, "{shown}");
}

fn name(failure: &Failure) -> String {
    format!("{failure:?}").split([' ', '{']).next().unwrap_or_default().to_owned()
}

#[test]
fn what_ran_stays_when_a_later_one_fails() {
    check(
        3,
        json!({"data": {"m0": {}, "m1": null, "m2": {}}, "errors": [
            {"type": "UNPROCESSABLE", "path": ["m1"], "message": "Name has already been taken"}]}),
        &["ran", "refused AlreadyThere", "ran"],
    );
}

#[test]
fn a_hole_below_a_payload_does_not_undo_it() {
    check(
        1,
        json!({"data": {"m0": {"issue": null}}, "errors": [{"path": ["m0", "issue"], "message": "x"}]}),
        &["ran"],
    );
}

#[test]
fn a_refused_document_blames_whom_it_names_and_runs_nobody() {
    check(
        2,
        json!({"errors": [{"path": ["mutation Batch", "m1", "input"], "extensions": {"code": "x"}, "message": "x"}]}),
        &["not run Validation", "refused Validation"],
    );
    check(
        2,
        json!({"errors": [{"message": "Variable $i0 of type T! was provided invalid value"}]}),
        &["refused Validation", "not run Validation"],
    );
    check(
        2,
        json!({"errors": [{"message": "Parse error on x"}]}),
        &["refused Validation", "refused Validation"],
    );
}

#[test]
fn limits_ran_nothing_and_timeouts_may_have() {
    check(2, json!({"errors": [{"type": "RATE_LIMITED", "message": "x"}]}), &["not run RateLimited"; 2]);
    check(
        2,
        json!({"data": {"m0": {}, "m1": null}, "errors": [
            {"type": "UNPROCESSABLE", "path": ["m1"], "message": "was submitted too quickly"}]}),
        &["ran", "not run SecondaryLimit"],
    );
    check(
        2,
        json!({"data": {"m0": {}}, "errors": [{"message": "Something went wrong while executing your query."}]}),
        &["ran", "unknown Ambiguous"],
    );
    check(
        2,
        json!({"data": {"m0": {}, "m1": null}, "errors": [
            {"type": "RESOURCE_LIMITS_EXCEEDED", "path": ["m1"], "message": "x"}]}),
        &["ran", "unknown ResourceLimits"],
    );
    check(1, json!({"data": {"m0": null}}), &["unknown Malformed"]);
    check(1, json!({"errors": [{"type": "FORBIDDEN", "message": "x"}]}), &["refused Forbidden"]);
}

#[test]
fn no_answer_is_told_apart_by_whether_it_was_sent() {
    let lost = crate::TransportError::Lost("x".into());
    check_answer(1, Err(Failure::of_transport(lost)), &["unknown Ambiguous"], "lost");
    let not_sent = crate::TransportError::NotSent("x".into());
    check_answer(1, Err(Failure::of_transport(not_sent)), &["not run Unreachable"], "not sent");
    check_answer(1, Err(Failure::malformed("x")), &["unknown Malformed"], "malformed");
    check_answer(1, Err(Failure::Unauthorised { message: String::new() }), &["refused Unauthorised"], "401");
}
