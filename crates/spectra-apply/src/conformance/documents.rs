//! The documents that the checks send.
//!
//! They are the conformance checks' own and not the applier's: they see raw answers, and a mistake in one of the
//! applier's operations must not be repeated here. All are valid against GitHub's whole published schema, but for those
//! of [`REFUSED`], which are sent to see how GitHub refuses them; a test holds both.

use spectra_github::Weight;

/// A GraphQL document and what it does, for the windows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Document {
    pub(super) text: &'static str,
    pub(super) weight: Weight,
    /// Whether GitHub's schema has all of it, so that a server that finds it invalid lacks something.
    pub(super) is_sound: bool,
}

const READ: Weight = Weight { mutations: 0, creations: 0 };
const WRITE: Weight = Weight { mutations: 1, creations: 0 };
const CREATE: Weight = Weight { mutations: 1, creations: 1 };

macro_rules! documents {
    ($all:ident $sound:literal: $($name:ident $weight:expr, $text:expr;)*) => {
        $(pub(super) const $name: Document = Document { text: $text, weight: $weight, is_sound: $sound };)*
        /// All of them by name.
        #[cfg(test)]
        pub(super) const $all: &[(&str, Document)] = &[$((stringify!($name), $name)),*];
    };
}

documents! { VALID true:
    // What there is to begin with.
    VIEWER READ, "{ viewer { login } }";
    VIEWER_ID READ, "{ viewer { id } }";
    ORGANIZATION READ, "query($login: String!) { organization(login: $login) { __typename id login } }";
    USER READ, "query($login: String!) { user(login: $login) { __typename id login } }";
    OWNER READ, "query($login: String!) { repositoryOwner(login: $login) { __typename id login } }";
    REPOSITORY READ, "query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) {
        id nameWithOwner owner { login } } }";
    TAKES_ISSUES READ, "query($repository: ID!) { node(id: $repository) { ... on Repository { hasIssuesEnabled } } }";
    OWNER_BOARDS READ, "query($owner: ID!, $after: String) { node(id: $owner) { ... on ProjectV2Owner {
        projectsV2(first: 100, after: $after) { nodes { id title url creator { login } } pageInfo { hasNextPage endCursor } } } } }";
    NEWEST_ISSUES READ, "query($repository: ID!, $after: String) { node(id: $repository) { ... on Repository {
        issues(first: 100, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
        nodes { id title url state author { login } } pageInfo { hasNextPage endCursor } } } } }";
    LABELS READ, "query($repository: ID!, $after: String) { node(id: $repository) { ... on Repository {
        labels(first: 100, after: $after) { nodes { id name url } pageInfo { hasNextPage endCursor } } } } }";
    INPUT_FIELDS READ, "query($name: String!) { __type(name: $name) { inputFields { name } } }";
    TYPE_FIELDS READ, "query($name: String!) { __type(name: $name) { fields(includeDeprecated: true) { name } } }";

    // Projects.
    CREATE_PROJECT CREATE, "mutation($input: CreateProjectV2Input!) { createProjectV2(input: $input) { projectV2 {
        id number title url readme shortDescription public closed } } }";
    UPDATE_PROJECT WRITE, "mutation($input: UpdateProjectV2Input!) { updateProjectV2(input: $input) { projectV2 {
        id title readme shortDescription public closed } } }";
    DELETE_PROJECT WRITE, "mutation($project: ID!) { deleteProjectV2(input: {projectId: $project}) { projectV2 { id } } }";
    PROJECT READ, "query($project: ID!) { node(id: $project) { __typename ... on ProjectV2 {
        id number title readme shortDescription public closed } } }";
    PROJECT_FIELDS READ, "query($project: ID!) { node(id: $project) { ... on ProjectV2 { fields(first: 100) { totalCount
        nodes { __typename ... on ProjectV2FieldCommon { id name dataType } } } } } }";
    PROJECT_STATUS READ, "query($project: ID!) { node(id: $project) { ... on ProjectV2 { field(name: \"Status\") {
        ... on ProjectV2SingleSelectField { id options { id name color description } } } } } }";
    PROJECT_VIEWS READ, "query($project: ID!) { node(id: $project) { ... on ProjectV2 { views(first: 20) { totalCount nodes {
        id number name layout filter } } } } }";
    PROJECT_WORKFLOWS READ, "query($project: ID!) { node(id: $project) { ... on ProjectV2 { workflows(first: 20) { totalCount
        nodes { id number name enabled } } } } }";
    LINK_REPOSITORY WRITE, "mutation($project: ID!, $repository: ID!) {
        linkProjectV2ToRepository(input: {projectId: $project, repositoryId: $repository}) { repository { id } } }";
    UNLINK_REPOSITORY WRITE, "mutation($project: ID!, $repository: ID!) {
        unlinkProjectV2FromRepository(input: {projectId: $project, repositoryId: $repository}) { repository { id } } }";
    TEAMS READ, "query($login: String!) { organization(login: $login) { teams(first: 1) { nodes { id } } } }";
    LINK_TEAM WRITE, "mutation($project: ID!, $team: ID!) {
        linkProjectV2ToTeam(input: {projectId: $project, teamId: $team}) { team { id } } }";
    UNLINK_TEAM WRITE, "mutation($project: ID!, $team: ID!) {
        unlinkProjectV2FromTeam(input: {projectId: $project, teamId: $team}) { team { id } } }";
    CREATE_STATUS_UPDATE CREATE, "mutation($input: CreateProjectV2StatusUpdateInput!) {
        createProjectV2StatusUpdate(input: $input) { statusUpdate { id } } }";
    STATUS_UPDATES READ, "query($project: ID!) { node(id: $project) { ... on ProjectV2 { statusUpdates(first: 10) { nodes {
        id status body startDate targetDate } } } } }";
    PROJECT_REPOSITORIES READ, "query($project: ID!) { node(id: $project) { ... on ProjectV2 {
        repositories(first: 20) { totalCount nodes { id } } } } }";

    // Fields.
    CREATE_FIELD CREATE, "mutation($input: CreateProjectV2FieldInput!) { createProjectV2Field(input: $input) { projectV2Field {
        __typename ... on ProjectV2FieldCommon { id name dataType }
        ... on ProjectV2SingleSelectField { options { id name color description } }
        ... on ProjectV2IterationField { configuration { duration startDay iterations { id title startDate duration }
            completedIterations { id title startDate duration } } } } } }";
    UPDATE_FIELD WRITE, "mutation($input: UpdateProjectV2FieldInput!) { updateProjectV2Field(input: $input) { projectV2Field {
        __typename ... on ProjectV2FieldCommon { id name dataType }
        ... on ProjectV2SingleSelectField { options { id name color description } }
        ... on ProjectV2IterationField { configuration { duration startDay iterations { id title startDate duration }
            completedIterations { id title startDate duration } } } } } }";
    // Apart, since a schema of before 2026-07-27 has no such type and would refuse every document that names it.
    CREATE_MULTI_SELECT CREATE, "mutation($input: CreateProjectV2FieldInput!) { createProjectV2Field(input: $input) {
        projectV2Field { __typename ... on ProjectV2MultiSelectField { id dataType
        multiSelectOptions { id name color description } } } } }";
    UPDATE_MULTI_SELECT WRITE, "mutation($input: UpdateProjectV2FieldInput!) { updateProjectV2Field(input: $input) {
        projectV2Field { ... on ProjectV2MultiSelectField { id multiSelectOptions { id name } } } } }";
    MULTI_SELECT_VALUE READ, "query($item: ID!, $name: String!) { node(id: $item) { ... on ProjectV2Item {
        fieldValueByName(name: $name) { ... on ProjectV2ItemFieldMultiSelectValue { options { id name } } } } } }";
    DELETE_FIELD WRITE, "mutation($field: ID!) { deleteProjectV2Field(input: {fieldId: $field}) { projectV2Field {
        ... on ProjectV2FieldCommon { id } } } }";
    FIELD READ, "query($field: ID!) { node(id: $field) { __typename ... on ProjectV2FieldCommon { id name dataType }
        ... on ProjectV2SingleSelectField { options { id name color description } }
        ... on ProjectV2IterationField { configuration { duration startDay iterations { id title startDate duration }
            completedIterations { id title startDate duration } } } } }";
    FIELD_BY_NAME READ, "query($project: ID!, $name: String!) { node(id: $project) { ... on ProjectV2 { field(name: $name) {
        ... on ProjectV2FieldCommon { id name databaseId } } } } }";

    // Items and their values.
    ADD_ITEM CREATE, "mutation($project: ID!, $content: ID!) {
        addProjectV2ItemById(input: {projectId: $project, contentId: $content}) { item { id } } }";
    ADD_DRAFT CREATE, "mutation($project: ID!, $title: String!) {
        addProjectV2DraftIssue(input: {projectId: $project, title: $title}) { projectItem { id type
        content { __typename ... on Issue { id } ... on DraftIssue { title } } } } }";
    DELETE_ITEM WRITE, "mutation($project: ID!, $item: ID!) {
        deleteProjectV2Item(input: {projectId: $project, itemId: $item}) { deletedItemId } }";
    UNARCHIVE_ITEM WRITE, "mutation($project: ID!, $item: ID!) {
        unarchiveProjectV2Item(input: {projectId: $project, itemId: $item}) { item { id isArchived } } }";
    ARCHIVE_ITEM WRITE, "mutation($project: ID!, $item: ID!) {
        archiveProjectV2Item(input: {projectId: $project, itemId: $item}) { item { id isArchived } } }";
    MOVE_ITEM WRITE, "mutation($project: ID!, $item: ID!, $after: ID) {
        updateProjectV2ItemPosition(input: {projectId: $project, itemId: $item, afterId: $after}) {
        items(first: 20) { nodes { id } } } }";
    SET_VALUE WRITE, "mutation($input: UpdateProjectV2ItemFieldValueInput!) { updateProjectV2ItemFieldValue(input: $input) {
        projectV2Item { id } } }";
    CLEAR_VALUE WRITE, "mutation($project: ID!, $item: ID!, $field: ID!) {
        clearProjectV2ItemFieldValue(input: {projectId: $project, itemId: $item, fieldId: $field}) { projectV2Item { id } } }";
    ITEM_VALUE READ, "query($item: ID!, $name: String!) { node(id: $item) { ... on ProjectV2Item { id isArchived
        fieldValueByName(name: $name) { __typename
        ... on ProjectV2ItemFieldTextValue { text } ... on ProjectV2ItemFieldNumberValue { number }
        ... on ProjectV2ItemFieldDateValue { date } ... on ProjectV2ItemFieldSingleSelectValue { optionId name }
        ... on ProjectV2ItemFieldIterationValue { iterationId title } } } } }";
    BOARD_ITEMS READ, "query($project: ID!) { node(id: $project) { ... on ProjectV2 {
        items(first: 100) { totalCount nodes { id isArchived } } } } }";
    BOARD_ITEMS_ALL READ, "query($project: ID!) { node(id: $project) { ... on ProjectV2 {
        items(first: 100, archivedStates: [ARCHIVED, NOT_ARCHIVED]) { totalCount nodes { id isArchived } } } } }";
    ISSUE_ITEMS READ, "query($issue: ID!, $name: String!) { node(id: $issue) { ... on Issue { state
        projectItems(first: 20) { totalCount nodes { id isArchived project { id } fieldValueByName(name: $name) { __typename
        ... on ProjectV2ItemFieldTextValue { text } ... on ProjectV2ItemFieldSingleSelectValue { optionId name } } } } } } }";

    // Issues.
    CREATE_ISSUE CREATE, "mutation($input: CreateIssueInput!) { createIssue(input: $input) { issue {
        id databaseId number url title body parent { id } milestone { id } labels(first: 10) { nodes { id } }
        projectItems(first: 10) { totalCount nodes { id } } } } }";
    UPDATE_ISSUE WRITE, "mutation($input: UpdateIssueInput!) { updateIssue(input: $input) { issue {
        id title body state stateReason labels(first: 20) { nodes { id } } } } }";
    ADD_LABEL WRITE, "mutation($issue: ID!, $label: ID!) {
        addLabelsToLabelable(input: {labelableId: $issue, labelIds: [$label]}) { clientMutationId } }";
    REMOVE_LABEL WRITE, "mutation($issue: ID!, $label: ID!) {
        removeLabelsFromLabelable(input: {labelableId: $issue, labelIds: [$label]}) { clientMutationId } }";
    CLOSE_ISSUE WRITE, "mutation($issue: ID!, $reason: IssueClosedStateReason) {
        closeIssue(input: {issueId: $issue, stateReason: $reason}) { issue { id state stateReason } } }";
    ISSUE_PARTS READ, "query($issue: ID!) { node(id: $issue) { ... on Issue { milestone { id }
        assignees(first: 10) { nodes { id } } } } }";
    ISSUE_TYPE READ, "query($issue: ID!) { node(id: $issue) { ... on Issue { issueType { id name } } } }";
    DELETE_ISSUE WRITE, "mutation($issue: ID!) { deleteIssue(input: {issueId: $issue}) { repository { id } } }";
    ISSUE READ, "query($issue: ID!) { node(id: $issue) { __typename ... on Issue { id number title body state stateReason
        parent { id } labels(first: 20) { nodes { id } }
        subIssues(first: 20) { nodes { id } } } } }";
    ISSUES_BY_LABEL READ, "query($repository: ID!, $label: String!) { node(id: $repository) { ... on Repository {
        issues(first: 20, labels: [$label]) { nodes { id } } } } }";
    SEARCH READ, "query($query: String!) { search(type: ISSUE, query: $query, first: 10) { issueCount nodes {
        ... on Issue { id } } } }";
    ISSUE_TYPES READ, "query($repository: ID!) { node(id: $repository) { ... on Repository {
        issueTypes(first: 25) { nodes { id name isEnabled } } } } }";

    // Hierarchy and dependencies.
    ADD_SUB_ISSUE CREATE, "mutation($parent: ID!, $child: ID!, $replace: Boolean) {
        addSubIssue(input: {issueId: $parent, subIssueId: $child, replaceParent: $replace}) { issue { id } subIssue { id } } }";
    PUT_BEFORE WRITE, "mutation($parent: ID!, $child: ID!, $before: ID) {
        reprioritizeSubIssue(input: {issueId: $parent, subIssueId: $child, beforeId: $before}) { issue { id } } }";
    REMOVE_SUB_ISSUE WRITE, "mutation($parent: ID!, $child: ID!) {
        removeSubIssue(input: {issueId: $parent, subIssueId: $child}) { issue { id } } }";
    REPRIORITIZE WRITE, "mutation($parent: ID!, $child: ID!, $after: ID) {
        reprioritizeSubIssue(input: {issueId: $parent, subIssueId: $child, afterId: $after}) { issue { id } } }";
    ADD_BLOCKED_BY CREATE, "mutation($issue: ID!, $by: ID!) {
        addBlockedBy(input: {issueId: $issue, blockingIssueId: $by}) { issue { id } blockingIssue { id } } }";
    REMOVE_BLOCKED_BY WRITE, "mutation($issue: ID!, $by: ID!) {
        removeBlockedBy(input: {issueId: $issue, blockingIssueId: $by}) { issue { id } } }";
    BLOCKING READ, "query($issue: ID!, $by: ID!) { issue: node(id: $issue) { ... on Issue { blockedBy(first: 20) {
        nodes { id } } } } by: node(id: $by) { ... on Issue { blocking(first: 20) { nodes { id } } } } }";

    // Labels.
    CREATE_LABEL CREATE, "mutation($input: CreateLabelInput!) { createLabel(input: $input) { label {
        id name url color description } } }";
    DELETE_LABEL WRITE, "mutation($label: ID!) { deleteLabel(input: {id: $label}) { clientMutationId } }";
    LABEL_BY_NAME READ, "query($repository: ID!, $name: String!) { node(id: $repository) { ... on Repository {
        label(name: $name) { id name } } } }";

    // Views.
    CREATE_VIEW CREATE, "mutation($input: CreateProjectV2ViewInput!) { createProjectV2View(input: $input) { projectV2View {
        id number name layout filter configuration { visibleFields(first: 50) { nodes {
        ... on ProjectV2FieldCommon { id name } } } } } } }";
    UPDATE_VIEW WRITE, "mutation($input: UpdateProjectV2ViewInput!) { updateProjectV2View(input: $input) { projectV2View {
        id number name layout filter configuration { visibleFields(first: 50) { nodes {
        ... on ProjectV2FieldCommon { id name } } } } } } }";
    DELETE_VIEW WRITE, "mutation($view: ID!) { deleteProjectV2View(input: {viewId: $view}) { clientMutationId } }";
    ARRANGED_VIEWS READ, "query($project: ID!) { node(id: $project) { ... on ProjectV2 { views(first: 50) { nodes {
        name filter layout groupByFields(first: 5) { nodes { ... on ProjectV2FieldCommon { name } } }
        verticalGroupByFields(first: 5) { nodes { ... on ProjectV2FieldCommon { name } } }
        sortByFields(first: 5) { nodes { direction field { ... on ProjectV2FieldCommon { name } } } } } } } } }";

    // Pages, prices, refusals.
    FIELDS_PAGE READ, "query($project: ID!, $after: String) { node(id: $project) { ... on ProjectV2 {
        fields(first: 5, after: $after) { totalCount nodes { ... on ProjectV2FieldCommon { id } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }";
    FIELDS_BACK READ, "query($project: ID!, $before: String) { node(id: $project) { ... on ProjectV2 {
        fields(last: 5, before: $before) { totalCount nodes { ... on ProjectV2FieldCommon { id } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }";
    PRICE_ITEMS READ, "query($project: ID!) { rateLimit(dryRun: true) { cost nodeCount } node(id: $project) {
        ... on ProjectV2 { items(first: 100) { nodes { fieldValues(first: 20) { nodes { __typename } } } } } } }";
    PRICE_ONE READ, "query($project: ID!) { rateLimit(dryRun: true) { cost nodeCount } node(id: $project) {
        ... on ProjectV2 { fields(first: 50) { nodes { __typename } } } } }";
    PRICE_DEEP READ, "query($repository: ID!) { rateLimit(dryRun: true) { cost nodeCount } node(id: $repository) {
        ... on Repository { issues(first: 100) { nodes { labels(first: 5) { nodes { id } } assignees(first: 5) { nodes { id } }
        } } } } }";
    NODE READ, "query($id: ID!) { node(id: $id) { __typename } }";
    TWO_NODES READ, "query($known: ID!, $unknown: ID!) { a: node(id: $unknown) { id } b: node(id: $known) { id } }";
    ORGANIZATION_PROJECT READ, "query($login: String!, $number: Int!) { organization(login: $login) {
        projectV2(number: $number) { id } } }";
    USER_PROJECT READ, "query($login: String!, $number: Int!) { user(login: $login) { projectV2(number: $number) { id } } }";
    THREE_WRITES Weight { mutations: 3, creations: 0 }, "mutation($a: UpdateProjectV2ItemFieldValueInput!,
        $b: UpdateProjectV2ItemFieldValueInput!, $c: UpdateProjectV2ItemFieldValueInput!) {
        m0: updateProjectV2ItemFieldValue(input: $a) { projectV2Item { id } }
        m1: updateProjectV2ItemFieldValue(input: $b) { projectV2Item { id } }
        m2: updateProjectV2ItemFieldValue(input: $c) { projectV2Item { id } } }";
}

documents! { PROVOKING false:
    // Valid to the schema, and refused by GitHub all the same.
    WITHOUT_FIRST READ, "query($project: ID!) { node(id: $project) { ... on ProjectV2 { items { totalCount nodes { id } } } } }";
    FIRST_101 READ, "query($project: ID!) { node(id: $project) { ... on ProjectV2 { items(first: 101) { nodes { id } } } } }";
    TOO_MANY_NODES READ, "query($repository: ID!) { node(id: $repository) { ... on Repository { issues(first: 100) { nodes {
        comments(first: 100) { nodes { reactions(first: 100) { nodes { id } } } } } } } } }";
    // GitHub's scalars are only names to the schema: what a Date may be is GitHub's to say.
    BAD_DATE WRITE, "mutation Bad { a: updateProjectV2ItemFieldValue(input: {projectId: \"none\", itemId: \"none\",
        fieldId: \"none\", value: {date: \"tomorrow\"}}) { clientMutationId } }";
}

documents! { REFUSED false:
    UNKNOWN_FIELD READ, "query Unknown { viewer { noSuchField } }";
    UNKNOWN_ARGUMENT READ, "query Unknown { viewer(noSuchArgument: 1) { login } }";
    BAD_LITERAL WRITE, "mutation Bad { a: deleteProjectV2(input: {projectId: \"none\", noSuchInput: 1}) { clientMutationId } }";
    NOT_GRAPHQL READ, "query { viewer { login }";
}

/// A document of so many aliased nodes with six connections each: its price is known by observation.
pub(super) fn six_connections(nodes: usize) -> String {
    let connections = ["assignees", "labels", "comments", "projectItems", "subIssues", "participants"]
        .map(|name| format!("{name}(first: 10) {{ nodes {{ id }} }}"))
        .join(" ");
    let nodes: Vec<String> = (0..nodes)
        .map(|index| format!("n{index}: node(id: $issue) {{ ... on Issue {{ {connections} }} }}"))
        .collect();
    format!("query($issue: ID!) {{ rateLimit(dryRun: true) {{ cost nodeCount }} {} }}", nodes.join(" "))
}

#[cfg(test)]
mod tests {
    use apollo_compiler::validation::Valid;
    use apollo_compiler::{ExecutableDocument, Schema};

    use super::*;

    fn schema() -> Valid<Schema> {
        let text = include_str!("../../../../schemas/github/schema.graphql");
        Schema::parse_and_validate(text, "schema.graphql").map_err(|error| error.to_string()).unwrap()
    }

    #[test]
    fn all_documents_are_valid_against_the_whole_schema_and_those_to_be_refused_are_not() {
        let schema = schema();
        let check = |text: &str| {
            ExecutableDocument::parse_and_validate(&schema, text, "document.graphql")
                .map(|document| document.operations.iter().next().map(|it| it.operation_type))
                .map_err(|error| error.to_string())
        };
        for (name, document) in VALID.iter().chain(PROVOKING) {
            let kind = check(document.text).unwrap_or_else(|error| panic!("{name}: {error}")).unwrap();
            assert_eq!(document.weight.mutations > 0, kind.name() == "mutation", "{name}");
            let fields = document.text.matches("(input:").count();
            assert_eq!(usize::try_from(document.weight.mutations).unwrap(), fields, "{name}");
        }
        check(&six_connections(25)).unwrap();
        for (name, document) in REFUSED {
            assert!(check(document.text).is_err(), "{name} is to be refused");
        }
    }
}
