//! For whom a request acts, and how far its token reaches, told to the world before anything runs.
//!
//! Knows nothing of scopes and permissions but these: `permissions` compares the others with what a request asks for.

use super::auth::{self, Caller};
use crate::world::World;
use crate::world::access::{Access, TokenKind};

/// The world takes the request for one of its token's viewer. An App has no login here: it acts in the name of the
/// seed's viewer.
pub(super) fn act(world: &mut World, access: &auth::Access, caller: &Caller) {
    let whole = |kind| Access { kind, public_only: false };
    match caller {
        Caller::Person(person) => {
            // GitHub: docs "Scopes for OAuth apps": private repositories need `repo`.
            world.act_as(&person.login, Access { kind: person.kind, public_only: !person.has("repo") });
        }
        // An installation without the permission for projects reaches as little as a workflow's own token.
        Caller::Installation(grant) if !grant.allows("organization_projects", "read") => {
            world.act_as(&access.viewer, whole(TokenKind::Actions));
        }
        Caller::App(_) | Caller::Installation(_) => world.act_as(&access.viewer, whole(TokenKind::App)),
    }
}
