//! Directives: whether they are known, may stand there and stand there once.

use apollo_compiler::ast::{DirectiveList, DirectiveLocation};
use serde_json::json;

use super::arguments::{Owner, Takes};
use super::walk::Walk;

impl<'a> Walk<'a> {
    /// graphql-ruby, `UniqueDirectivesPerLocation`.
    pub(super) fn unique_directives(&mut self, list: &'a DirectiveList) {
        for (place, directive) in list.iter().enumerate() {
            let Some(first) = list.iter().take(place).find(|earlier| earlier.name == directive.name) else {
                continue;
            };
            let name = directive.name.as_str();
            self.object_to_all(
                format!("The directive \"{name}\" can only be used once at this location."),
                json!({ "code": "directiveNotUniqueForLocation", "directiveName": name }),
                [first.location(), directive.location()].into_iter(),
            );
        }
    }

    /// graphql-ruby, `DirectivesAreDefined` (one objection to each name, however often it stands there),
    /// `DirectivesAreInValidLocations`, then the rules of arguments.
    pub(super) fn directives(&mut self, list: &'a DirectiveList, location: DirectiveLocation) {
        for directive in list {
            let name = directive.name.as_str();
            let Some(definition) = self.github.schema.directive_definitions.get(name) else {
                let place = self.place(directive.location());
                if let Some(problem) =
                    self.unknown_directives.get(name).and_then(|known| self.problems.get_mut(*known))
                {
                    problem.places.extend(place);
                    continue;
                }
                self.unknown_directives.insert(name, self.problems.len());
                let extensions = json!({ "code": "undefinedDirective", "directiveName": name });
                self.object_to(format!("Directive @{name} is not defined"), extensions, directive.location());
                continue;
            };
            if !definition.locations.contains(&location) {
                let target = called(location);
                let allowed: Vec<&str> = definition.locations.iter().copied().map(called).collect();
                self.object_to(
                    format!("'@{name}' can't be applied to {target} (allowed: {})", allowed.join(", ")),
                    json!({ "code": "directiveCannotBeApplied", "targetName": target, "name": name }),
                    directive.location(),
                );
            }
            let (takes, given) = (&definition.arguments, &directive.arguments);
            self.required_arguments("Directive", name, takes, given, directive.location());
            self.unique_arguments(given);
            let owner =
                Owner { kind: "Directive", name, span: directive.location(), takes: Takes::These(takes) };
            for argument in given {
                self.argument(&owner, &argument.name, argument.location(), &argument.value);
            }
        }
    }
}

/// graphql-ruby's names of places; places in a schema have none.
fn called(location: DirectiveLocation) -> &'static str {
    match location {
        DirectiveLocation::Query => "queries",
        DirectiveLocation::Mutation => "mutations",
        DirectiveLocation::Subscription => "subscriptions",
        DirectiveLocation::Field => "fields",
        DirectiveLocation::FragmentDefinition => "fragment definitions",
        DirectiveLocation::FragmentSpread => "fragment spreads",
        DirectiveLocation::InlineFragment => "inline fragments",
        DirectiveLocation::VariableDefinition => "variable definitions",
        DirectiveLocation::Schema
        | DirectiveLocation::Scalar
        | DirectiveLocation::Object
        | DirectiveLocation::FieldDefinition
        | DirectiveLocation::ArgumentDefinition
        | DirectiveLocation::Interface
        | DirectiveLocation::Union
        | DirectiveLocation::Enum
        | DirectiveLocation::EnumValue
        | DirectiveLocation::InputObject
        | DirectiveLocation::InputFieldDefinition => "",
    }
}
