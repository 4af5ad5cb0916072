//! GitHub's schema, parsed once a process.

use std::sync::LazyLock;

use apollo_compiler::collections::HashMap;
use apollo_compiler::schema::{ExtendedType, Implementers};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Schema};

/// The published schema without its descriptions.
const TEXT: &str = include_str!("../../../../schemas/github/schema.graphql");

/// The schema and what execution asks of it again and again.
pub(crate) struct GitHub {
    pub(crate) schema: Valid<Schema>,
    pub(crate) implementers: HashMap<Name, Implementers>,
}

impl GitHub {
    /// Whether an object can be of both types.
    pub(crate) fn overlap(&self, one: &str, other: &str) -> bool {
        let objects = self.objects(one);
        self.objects(other).iter().any(|object| objects.contains(object))
    }

    /// The objects that a type may be.
    fn objects(&self, name: &str) -> Vec<&str> {
        match self.schema.types.get(name) {
            Some(ExtendedType::Object(object)) => vec![object.name.as_str()],
            Some(ExtendedType::Union(union)) => union.members.iter().map(|member| member.as_str()).collect(),
            Some(ExtendedType::Interface(_)) => {
                let known = self.implementers.get(name);
                known.into_iter().flat_map(|known| known.objects.iter().map(Name::as_str)).collect()
            }
            Some(ExtendedType::Scalar(_) | ExtendedType::Enum(_) | ExtendedType::InputObject(_)) | None => {
                Vec::new()
            }
        }
    }
}

static GITHUB: LazyLock<GitHub> = LazyLock::new(|| {
    // A strict validator may object to eight fields that are deprecated where their interface's are not; that says
    // something of how the schema was written and nothing of what a request may ask.
    let schema = match Schema::parse_and_validate(TEXT, "schema.graphql") {
        Ok(schema) => schema,
        Err(objections) => Valid::assume_valid(objections.partial),
    };
    let implementers = schema.implementers_map();
    GitHub { schema, implementers }
});

/// The schema.
pub(crate) fn get() -> &'static GitHub {
    &GITHUB
}

/// Parses the schema now rather than at the first request.
pub(crate) fn ensure_loaded() {
    LazyLock::force(&GITHUB);
}

#[cfg(test)]
mod tests {
    use apollo_compiler::Schema;

    #[test]
    fn the_published_schema_is_valid() {
        let parsed = Schema::parse_and_validate(super::TEXT, "schema.graphql");
        assert!(
            parsed.is_ok(),
            "{}",
            parsed.err().map(|refused| refused.errors.to_string()).unwrap_or_default()
        );
    }
}
