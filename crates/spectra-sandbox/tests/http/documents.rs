//! Documents that GitHub refuses: the whole answers, compared member by member.
//!
//! Those of the first test were recorded from GitHub; the others follow the sources of graphql-ruby, which GitHub runs
//! on, each named by its rule.

#![expect(clippy::too_many_lines, reason = "tables of documents with their whole answers")]

use serde_json::{Value, json};

use super::support::{Fixture, start};

/// Path, extensions, places and message of an objection.
type Objection<'a> = (Value, Value, &'a [(u32, u32)], &'a str);

async fn check(github: &Fixture, query: &str, objections: &[Objection<'_>]) {
    let errors: Vec<Value> = objections
        .iter()
        .map(|(path, extensions, places, message)| {
            let locations: Vec<Value> =
                places.iter().map(|(line, column)| json!({ "line": line, "column": column })).collect();
            json!({ "path": path, "extensions": extensions, "locations": locations, "message": message })
        })
        .collect();
    let body = github.body(query, json!({})).await;
    assert_eq!(body, json!({ "errors": errors }), "{query}\n{body:#}");
}

#[tokio::test]
async fn answers_are_those_that_were_recorded_from_github() {
    let github = start().await;
    check(
        &github,
        "query($i: NopeInput) { viewer { nopeField } }",
        &[
            (
                json!(["query"]),
                json!({ "code": "variableRequiresValidType", "typeName": "NopeInput", "variableName": "i" }),
                &[(1, 7)],
                "NopeInput isn't a defined input type (on $i)",
            ),
            (
                json!(["query", "viewer", "nopeField"]),
                json!({ "code": "undefinedField", "typeName": "User", "fieldName": "nopeField" }),
                &[(1, 33)],
                "Field 'nopeField' doesn't exist on type 'User'",
            ),
            (
                json!(["query"]),
                json!({ "code": "variableNotUsed", "variableName": "i" }),
                &[(1, 1)],
                "Variable $i is declared by anonymous query but not used",
            ),
        ],
    )
    .await;
    let color = |place: u32| {
        (
            json!(["mutation", "updateProjectV2Field", "input", "singleSelectOptions", place, "color"]),
            json!({ "code": "argumentLiteralsIncompatible", "typeName": "InputObject", "argumentName": "color" }),
        )
    };
    let ((first, extensions), (second, _)) = (color(0), color(1));
    check(
        &github,
        "mutation {\n  updateProjectV2Field(input: {\n    projectId: \"P\"\n    fieldId: \"F\"\n    singleSelectOptions: [\n      \
         {name: \"A\", color: \"ORANGE\", description: \"\"}\n      {name: \"B\", color: LIGHT_GREEN, description: \"\"}\n    ]\n  \
         }) { projectV2Field { __typename } }\n}",
        &[
            (
                json!(["mutation", "updateProjectV2Field", "input", "projectId"]),
                json!({
                    "code": "argumentNotAccepted",
                    "name": "UpdateProjectV2FieldInput",
                    "typeName": "InputObject",
                    "argumentName": "projectId",
                }),
                &[(3, 5)],
                "InputObject 'UpdateProjectV2FieldInput' doesn't accept argument 'projectId'",
            ),
            (
                first,
                extensions.clone(),
                &[(6, 7)],
                "Argument 'color' on InputObject 'ProjectV2SingleSelectFieldOptionInput' has an invalid value (\"ORANGE\"). \
                 Expected type 'ProjectV2SingleSelectFieldOptionColor!'.",
            ),
            (
                second,
                extensions,
                &[(7, 7)],
                "Argument 'color' on InputObject 'ProjectV2SingleSelectFieldOptionInput' has an invalid value (LIGHT_GREEN). \
                 Expected type 'ProjectV2SingleSelectFieldOptionColor!'.",
            ),
        ],
    )
    .await;
    check(
        &github,
        "query {\n  viewer { login }\n    user(login: LetMeFly666) { id }\n}",
        &[(
            json!(["query", "user", "login"]),
            json!({ "code": "argumentLiteralsIncompatible", "typeName": "Field", "argumentName": "login" }),
            &[(3, 5)],
            "Argument 'login' on Field 'user' has an invalid value (LetMeFly666). Expected type 'String!'.",
        )],
    )
    .await;
    let union = |field: &str| json!(["query", "node", "... on ProjectV2", "fields", "nodes", field]);
    let mismatch = json!({ "code": "selectionMismatch", "nodeName": "ProjectV2FieldConfiguration" });
    let message =
        "Selections can't be made directly on unions (see selections on ProjectV2FieldConfiguration)";
    check(
        &github,
        "{ node(id: \"P\") { ... on ProjectV2 { fields(first: 1) { nodes { id name } } } } }",
        &[
            (union("id"), mismatch.clone(), &[(1, 57)], message),
            (union("name"), mismatch, &[(1, 57)], message),
        ],
    )
    .await;
    check(
        &github,
        "query { viewer { ...F } } fragment F on User { foobar }",
        &[(
            json!(["fragment F", "foobar"]),
            json!({ "code": "undefinedField", "typeName": "User", "fieldName": "foobar" }),
            &[(1, 48)],
            "Field 'foobar' doesn't exist on type 'User'",
        )],
    )
    .await;
}

#[tokio::test]
async fn arguments_are_refused_as_by_graphql_ruby() {
    let github = start().await;
    let literal = |kind: &str, name: &str| json!({ "code": "argumentLiteralsIncompatible", "typeName": kind, "argumentName": name });
    let cases: Vec<(&str, Objection<'_>)> = vec![
        // ArgumentsAreDefined: of a field its alias.
        (
            "{ me: viewer(x: 1) { login } }",
            (
                json!(["query", "me", "x"]),
                json!({ "code": "argumentNotAccepted", "name": "me", "typeName": "Field", "argumentName": "x" }),
                &[(1, 14)],
                "Field 'me' doesn't accept argument 'x'",
            ),
        ),
        // RequiredArgumentsArePresent.
        (
            "{ a: repository { id } }",
            (
                json!(["query", "a"]),
                json!({
                    "code": "missingRequiredArguments",
                    "className": "Field",
                    "name": "repository",
                    "arguments": "name, owner",
                }),
                &[(1, 3)],
                "Field 'repository' is missing required arguments: name, owner",
            ),
        ),
        // ArgumentNamesAreUnique.
        (
            "{ repository(owner: \"a\", owner: \"b\", name: \"x\") { id } }",
            (
                json!(["query", "repository"]),
                json!({ "code": "argumentNotUnique", "name": "owner" }),
                &[(1, 14), (1, 26)],
                "There can be only one argument named \"owner\"",
            ),
        ),
        // ArgumentLiteralsAreCompatible.
        (
            "query Q { viewer { repositories(first: \"1\") { totalCount } } }",
            (
                json!(["query Q", "viewer", "repositories", "first"]),
                literal("Field", "first"),
                &[(1, 20)],
                "Argument 'first' on Field 'repositories' has an invalid value (\"1\"). Expected type 'Int'.",
            ),
        ),
        (
            "{ viewer { repositories(first: 3000000000) { totalCount } } }",
            (
                json!(["query", "viewer", "repositories", "first"]),
                literal("Field", "first"),
                &[(1, 12)],
                "Argument 'first' on Field 'repositories' has an invalid value (3000000000). Expected type 'Int'.",
            ),
        ),
        (
            "{ nodes(ids: [\"a\", 1.5]) { id } }",
            (
                json!(["query", "nodes", "ids"]),
                literal("Field", "ids"),
                &[(1, 3)],
                "Argument 'ids' on Field 'nodes' has an invalid value ([\"a\", 1.5]). Expected type '[ID!]!'.",
            ),
        ),
        (
            "{ user(login: null) { id } }",
            (
                json!(["query", "user", "login"]),
                literal("Field", "login"),
                &[(1, 3)],
                "Argument 'login' on Field 'user' has an invalid value (null). Expected type 'String!'.",
            ),
        ),
        (
            "mutation { closeIssue(input: \"x\") { clientMutationId } }",
            (
                json!(["mutation", "closeIssue", "input"]),
                literal("Field", "input"),
                &[(1, 12)],
                "Argument 'input' on Field 'closeIssue' has an invalid value (\"x\"). Expected type 'CloseIssueInput!'.",
            ),
        ),
        (
            "mutation { closeIssue(input: {issueId: \"x\", stateReason: NO}) { clientMutationId } }",
            (
                json!(["mutation", "closeIssue", "input", "stateReason"]),
                literal("InputObject", "stateReason"),
                &[(1, 30)],
                "Argument 'stateReason' on InputObject 'CloseIssueInput' has an invalid value (NO). Expected type \
                 'IssueClosedStateReason'.",
            ),
        ),
        // RequiredInputObjectAttributesArePresent.
        (
            "mutation { closeIssue(input: {}) { clientMutationId } }",
            (
                json!(["mutation", "closeIssue", "input", "issueId"]),
                json!({
                    "code": "missingRequiredInputObjectAttribute",
                    "argumentName": "issueId",
                    "argumentType": "ID!",
                    "inputObjectType": "CloseIssueInput",
                }),
                &[(1, 30)],
                "Argument 'issueId' on InputObject 'CloseIssueInput' is required. Expected type ID!",
            ),
        ),
        // InputObjectNamesAreUnique.
        (
            "mutation { closeIssue(input: {issueId: \"a\", issueId: \"b\"}) { clientMutationId } }",
            (
                json!(["mutation", "closeIssue", "input"]),
                json!({ "code": "inputFieldNotUnique", "name": "issueId" }),
                &[(1, 31), (1, 45)],
                "There can be only one input field named \"issueId\"",
            ),
        ),
    ];
    for (query, objection) in cases {
        check(&github, query, &[objection]).await;
    }
}

#[tokio::test]
async fn fields_are_refused_as_by_graphql_ruby() {
    let github = start().await;
    let cases: Vec<(&str, Objection<'_>)> = vec![
        // FieldsHaveAppropriateSelections.
        (
            "{ viewer }",
            (
                json!(["query", "viewer"]),
                json!({ "code": "selectionMismatch", "nodeName": "field 'viewer'", "typeName": "User" }),
                &[(1, 3)],
                "Field must have selections (field 'viewer' returns User but has no selections. Did you mean \
                 'viewer { ... }'?)",
            ),
        ),
        (
            "{ viewer { l: login { a ...B ... on User { id } } } }",
            (
                json!(["query", "viewer", "l"]),
                json!({ "code": "selectionMismatch", "nodeName": "field 'login'", "typeName": "String" }),
                &[(1, 12)],
                "Selections can't be made on scalars (field 'login' returns String but has selections [\"a\", \"B\", \"... on \
                 User { ... }\"])",
            ),
        ),
        (
            "{ repository(owner: \"a\", name: \"b\") { visibility { x } } }",
            (
                json!(["query", "repository", "visibility"]),
                json!({
                    "code": "selectionMismatch",
                    "nodeName": "field 'visibility'",
                    "typeName": "RepositoryVisibility",
                }),
                &[(1, 39)],
                "Selections can't be made on enums (field 'visibility' returns RepositoryVisibility but has selections [\"x\"])",
            ),
        ),
        // FieldsWillMerge: no path, all places, all names.
        (
            "{ viewer { a: login a: id a: name } }",
            (
                json!([]),
                json!({ "code": "fieldConflict", "fieldName": "a", "conflicts": "login or id or name" }),
                &[(1, 12), (1, 21), (1, 27)],
                "Field 'a' has a field conflict: login or id or name?",
            ),
        ),
        (
            "{ user(login: \"a\") { id } user(login: \"b\") { id } }",
            (
                json!([]),
                json!({
                    "code": "fieldConflict",
                    "fieldName": "user",
                    "conflicts": "{login:\"\\\"a\\\"\"} or {login:\"\\\"b\\\"\"}",
                }),
                &[(1, 3), (1, 27)],
                "Field 'user' has an argument conflict: {login:\"\\\"a\\\"\"} or {login:\"\\\"b\\\"\"}?",
            ),
        ),
        (
            "{ viewer { a: login ...F } } fragment F on User { a: id }",
            (
                json!([]),
                json!({ "code": "fieldConflict", "fieldName": "a", "conflicts": "login or id" }),
                &[(1, 12), (1, 51)],
                "Field 'a' has a field conflict: login or id?",
            ),
        ),
        // A mutation's field of the query's type.
        (
            "{ closeIssue(input: {issueId: \"x\"}) { clientMutationId } }",
            (
                json!(["query", "closeIssue"]),
                json!({ "code": "undefinedField", "typeName": "Query", "fieldName": "closeIssue" }),
                &[(1, 3)],
                "Field 'closeIssue' doesn't exist on type 'Query'",
            ),
        ),
    ];
    for (query, objection) in cases {
        check(&github, query, &[objection]).await;
    }
}

#[tokio::test]
async fn fragments_are_refused_as_by_graphql_ruby() {
    let github = start().await;
    let used = |name: &str| json!({ "code": "useAndDefineFragment", "fragmentName": name });
    let spread = |name: &str| {
        json!({
            "code": "cannotSpreadFragment",
            "typeName": "Repository",
            "fragmentName": name,
            "parentName": "User",
        })
    };
    let cases: Vec<(&str, Vec<Objection<'_>>)> = vec![
        // FragmentsAreFinite.
        (
            "{ viewer { ...A } } fragment A on User { login ...B } fragment B on User { ...A }",
            vec![
                (
                    json!(["fragment A"]),
                    json!({ "code": "infiniteLoop", "fragmentName": "A" }),
                    &[(1, 21)],
                    "Fragment A contains an infinite loop",
                ),
                (
                    json!(["fragment B"]),
                    json!({ "code": "infiniteLoop", "fragmentName": "B" }),
                    &[(1, 55)],
                    "Fragment B contains an infinite loop",
                ),
            ],
        ),
        // FragmentsAreUsed.
        (
            "{ viewer { ...Z } }",
            vec![(
                json!(["query", "viewer", "... Z"]),
                used("Z"),
                &[(1, 12)],
                "Fragment Z was used, but not defined",
            )],
        ),
        (
            "{ viewer { id } } fragment A on User { id } fragment B on User { ...C } fragment C on User { id }",
            vec![
                (json!(["fragment B"]), used("B"), &[(1, 45)], "Fragment B was defined, but not used"),
                (json!(["fragment A"]), used("A"), &[(1, 19)], "Fragment A was defined, but not used"),
            ],
        ),
        (
            "fragment A on User { id }",
            vec![(json!(["fragment A"]), used("A"), &[(1, 1)], "Fragment A was defined, but not used")],
        ),
        // FragmentTypesExist: not called unused as well.
        (
            "{ viewer { id ... on Nope { id } } } fragment A on Nope { id }",
            vec![
                (
                    json!(["query", "viewer", "... on Nope"]),
                    json!({ "code": "undefinedType", "typeName": "Nope" }),
                    &[(1, 15)],
                    "No such type Nope, so it can't be a fragment condition",
                ),
                (
                    json!(["fragment A"]),
                    json!({ "code": "undefinedType", "typeName": "Nope" }),
                    &[(1, 38)],
                    "No such type Nope, so it can't be a fragment condition",
                ),
            ],
        ),
        // FragmentsAreOnCompositeTypes.
        (
            "{ viewer { id ... on String { x } } }",
            vec![(
                json!(["query", "viewer", "... on String"]),
                json!({ "code": "fragmentOnNonCompositeType", "typeName": "String" }),
                &[(1, 15)],
                "Invalid fragment on type String (must be Union, Interface or Object)",
            )],
        ),
        // FragmentSpreadsArePossible: a space before the name.
        (
            "{ viewer { ...Z } } fragment Z on Repository { name }",
            vec![(
                json!(["query", "viewer", "... Z"]),
                spread(" Z"),
                &[(1, 12)],
                "Fragment Z on Repository can't be spread inside User",
            )],
        ),
        (
            "{ viewer { ... on Repository { name } } }",
            vec![(
                json!(["query", "viewer", "... on Repository"]),
                spread("unknown"),
                &[(1, 12)],
                "Fragment on Repository can't be spread inside User",
            )],
        ),
        // FragmentNamesAreUnique.
        (
            "{ viewer { ...A } } fragment A on User { id } fragment A on User { login }",
            vec![(
                json!([]),
                json!({ "code": "fragmentNotUnique", "fragmentName": "A" }),
                &[(1, 21), (1, 47)],
                "Fragment name \"A\" must be unique",
            )],
        ),
    ];
    for (query, objections) in cases {
        check(&github, query, &objections).await;
    }
}

#[tokio::test]
async fn directives_are_refused_as_by_graphql_ruby() {
    let github = start().await;
    let cases: Vec<(&str, Objection<'_>)> = vec![
        // DirectivesAreDefined: once, at all its places.
        (
            "{ viewer @foo { login @foo } }",
            (
                json!(["query", "viewer"]),
                json!({ "code": "undefinedDirective", "directiveName": "foo" }),
                &[(1, 10), (1, 23)],
                "Directive @foo is not defined",
            ),
        ),
        // DirectivesAreInValidLocations.
        (
            "query @skip(if: true) { viewer { login } }",
            (
                json!(["query"]),
                json!({ "code": "directiveCannotBeApplied", "targetName": "queries", "name": "skip" }),
                &[(1, 7)],
                "'@skip' can't be applied to queries (allowed: fields, fragment spreads, inline fragments)",
            ),
        ),
        (
            "{ viewer { login @include } }",
            (
                json!(["query", "viewer", "login"]),
                json!({
                    "code": "missingRequiredArguments",
                    "className": "Directive",
                    "name": "include",
                    "arguments": "if",
                }),
                &[(1, 18)],
                "Directive 'include' is missing required arguments: if",
            ),
        ),
        (
            "{ viewer { login @include(if: true, on: 1) } }",
            (
                json!(["query", "viewer", "login", "on"]),
                json!({
                    "code": "argumentNotAccepted",
                    "name": "include",
                    "typeName": "Directive",
                    "argumentName": "on",
                }),
                &[(1, 37)],
                "Directive 'include' doesn't accept argument 'on'",
            ),
        ),
        (
            "{ viewer { login @include(if: \"yes\") } }",
            (
                json!(["query", "viewer", "login", "if"]),
                json!({
                    "code": "argumentLiteralsIncompatible",
                    "typeName": "Directive",
                    "argumentName": "if",
                }),
                &[(1, 18)],
                "Argument 'if' on Directive 'include' has an invalid value (\"yes\"). Expected type 'Boolean!'.",
            ),
        ),
        // UniqueDirectivesPerLocation.
        (
            "{ viewer { login @skip(if: true) @skip(if: true) } }",
            (
                json!(["query", "viewer", "login"]),
                json!({ "code": "directiveNotUniqueForLocation", "directiveName": "skip" }),
                &[(1, 18), (1, 34)],
                "The directive \"skip\" can only be used once at this location.",
            ),
        ),
    ];
    for (query, objection) in cases {
        check(&github, query, &[objection]).await;
    }
}

#[tokio::test]
async fn variables_of_a_document_are_refused_as_by_graphql_ruby() {
    let github = start().await;
    let mismatch = |variable: &str, ty: &str, argument: &str, what: &str| {
        json!({
            "code": "variableMismatch",
            "variableName": variable,
            "typeName": ty,
            "argumentName": argument,
            "errorMessage": what,
        })
    };
    let cases: Vec<(&str, Objection<'_>)> = vec![
        // VariableNamesAreUnique.
        (
            "query($a: Int, $a: Int) { viewer { repositories(first: $a) { totalCount } } }",
            (
                json!(["query"]),
                json!({ "code": "variableNotUnique", "variableName": "a" }),
                &[(1, 7), (1, 16)],
                "There can only be one variable named \"a\"",
            ),
        ),
        // VariableDefaultValuesAreCorrectlyTyped.
        (
            "query Q($n: Int = \"x\") { viewer { repositories(first: $n) { totalCount } } }",
            (
                json!(["query Q"]),
                json!({ "code": "defaultValueInvalidType", "variableName": "n", "typeName": "Int" }),
                &[(1, 9)],
                "Could not coerce value \"x\" to Int",
            ),
        ),
        // VariablesAreUsedAndDefined.
        (
            "query Q($x: Int) { viewer { login } }",
            (
                json!(["query Q"]),
                json!({ "code": "variableNotUsed", "variableName": "x" }),
                &[(1, 1)],
                "Variable $x is declared by Q but not used",
            ),
        ),
        (
            "{ viewer { repositories(first: $x) { totalCount } } }",
            (
                json!(["query", "viewer", "repositories", "first"]),
                json!({ "code": "variableNotDefined", "variableName": "x" }),
                &[(1, 32)],
                "Variable $x is used by anonymous query but not declared",
            ),
        ),
        (
            "{ viewer { ...F } } fragment F on User { repositories(first: $x) { totalCount } }",
            (
                json!(["fragment F", "repositories", "first"]),
                json!({ "code": "variableNotDefined", "variableName": "x" }),
                &[(1, 62)],
                "Variable $x is used by F but not declared",
            ),
        ),
        // VariableUsagesAreAllowed.
        (
            "query($o: String!) { viewer { repositories(first: $o) { totalCount } } }",
            (
                json!(["query", "viewer", "repositories", "first"]),
                mismatch("o", "String!", "first", "Type mismatch"),
                &[(1, 44)],
                "Type mismatch on variable $o and argument first (String! / Int)",
            ),
        ),
        (
            "query($o: String) { user(login: $o) { id } }",
            (
                json!(["query", "user", "login"]),
                mismatch("o", "String", "login", "Nullability mismatch"),
                &[(1, 26)],
                "Nullability mismatch on variable $o and argument login (String / String!)",
            ),
        ),
        (
            "query($o: ID!) { nodes(ids: $o) { id } }",
            (
                json!(["query", "nodes", "ids"]),
                mismatch("o", "ID!", "ids", "List dimension mismatch"),
                &[(1, 24)],
                "List dimension mismatch on variable $o and argument ids (ID! / [ID!]!)",
            ),
        ),
        (
            "query($o: ID) { nodes(ids: [$o]) { id } }",
            (
                json!(["query", "nodes", "ids"]),
                mismatch("o", "[ID]!", "ids", "Nullability mismatch"),
                &[(1, 23)],
                "Nullability mismatch on variable $o and argument ids ([ID]! / [ID!]!)",
            ),
        ),
    ];
    for (query, objection) in cases {
        check(&github, query, &[objection]).await;
    }
    // VariablesAreInputTypes, which does not keep VariableUsagesAreAllowed from being asked.
    check(
        &github,
        "query($a: User) { viewer { login @skip(if: $a) } }",
        &[
            (
                json!(["query"]),
                json!({ "code": "variableRequiresValidType", "typeName": "User", "variableName": "a" }),
                &[(1, 7)],
                "User isn't a valid input type (on $a)",
            ),
            (
                json!(["query", "viewer", "login", "if"]),
                mismatch("a", "User", "if", "Type mismatch"),
                &[(1, 40)],
                "Type mismatch on variable $a and argument if (User / Boolean!)",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn operations_are_refused_as_by_graphql_ruby() {
    let github = start().await;
    let cases: Vec<(&str, Objection<'_>)> = vec![
        // OperationNamesAreValid: of the document, so without a path.
        (
            "query A { viewer { login } } query A { viewer { id } }",
            (
                json!([]),
                json!({ "code": "uniquelyNamedOperations", "operationName": "A" }),
                &[(1, 1), (1, 30)],
                "Operation name \"A\" must be unique",
            ),
        ),
        (
            "{ viewer { login } } query A { viewer { id } }",
            (
                json!([]),
                json!({ "code": "uniquelyNamedOperations" }),
                &[(1, 1)],
                "Operation name is required when multiple operations are present",
            ),
        ),
        // SubscriptionRootExistsAndSingleSubscriptionSelection.
        (
            "subscription { x }",
            (
                json!(["subscription"]),
                json!({ "code": "missingSubscriptionConfiguration" }),
                &[(1, 1)],
                "Schema is not configured for subscriptions",
            ),
        ),
        // NoDefinitionsArePresent.
        (
            "{ viewer { login } } type T { x: Int }",
            (
                json!([]),
                json!({ "code": "queryContainsSchemaDefinitions" }),
                &[(1, 22)],
                "Query cannot contain schema definitions",
            ),
        ),
    ];
    for (query, objection) in cases {
        check(&github, query, &[objection]).await;
    }
}

/// graphql-ruby, `ALL_RULES`: rules object in their order at each node; what concerns the whole document comes last.
#[tokio::test]
async fn several_mistakes_are_named_in_the_order_of_graphql_ruby() {
    let github = start().await;
    let query = "query Q($unused: Int, $bad: Nope) { viewer(x: 1) @foo { nope ...Gone \
                 repositories(first: $none, last: \"1\") { a: totalCount a: edges { cursor } } } } fragment F on User { id }";
    let body = github.body(query, json!({})).await;
    let codes: Vec<&str> = body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["extensions"]["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        codes,
        [
            "variableRequiresValidType",
            "argumentNotAccepted",
            "undefinedDirective",
            "undefinedField",
            "fieldConflict",
            "argumentLiteralsIncompatible",
            "variableNotUsed",
            "variableNotUsed",
            "variableNotDefined",
            "useAndDefineFragment",
            "useAndDefineFragment",
        ],
        "{body:#}"
    );
}
