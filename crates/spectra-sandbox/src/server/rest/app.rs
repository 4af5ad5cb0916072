//! GitHub Apps: themselves, their installations, and the tokens of those. GitHub: OpenAPI: these routes take the App's
//! JSON web token and nothing else.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::auth::{Access, Caller, Grant};
use super::call::{Body, Call, number};
use super::failure::Failure;
use super::pages::{Reply, counted_page, page};
use super::shapes::{Shapes, kind, time};
use super::{CREATED, Routed};
use crate::access::{SeedApp, SeedInstallation};
use crate::world::World;
use crate::world::owner::Owner;

/// What an App that the seed does not name may do: enough for boards.
const USUAL: [(&str, &str); 5] = [
    ("contents", "write"),
    ("issues", "write"),
    ("members", "read"),
    ("metadata", "read"),
    ("organization_projects", "admin"),
];

pub(super) fn route(world: &World, call: &Call<'_>, access: &Access, rest: &[&str]) -> Routed {
    let app = app_of(call)?;
    match (&call.method, rest) {
        (&Method::GET, []) => Ok(Reply::ok(integration(world, call, app))),
        (&Method::GET, ["installations"]) => {
            let rows = installations(world, access, app);
            page(call, &rows, |row| shape(world, call, app, row))
        }
        (method, ["installations", id, rest @ ..]) => {
            let id: u64 = id.parse().ok().ok_or(Failure::NotFound)?;
            let rows = installations(world, access, app);
            let row = rows.iter().find(|row| row.id == id).ok_or(Failure::NotFound)?;
            match (method, rest) {
                (&Method::GET, []) => Ok(Reply::ok(shape(world, call, app, row))),
                (&Method::POST, ["access_tokens"]) => token(world, call, app, row),
                _ => Err(Failure::NotModelled),
            }
        }
        _ => Err(Failure::NotModelled),
    }
}

/// `/orgs/{org}/installation`, `/users/{username}/installation`, `/repos/{owner}/{repo}/installation`.
pub(super) fn installation_of(world: &World, call: &Call<'_>, access: &Access, parts: &[&str]) -> Routed {
    let app = app_of(call)?;
    let (login, repository) = match parts {
        ["repos", owner, name, _] => (*owner, Some(world.repository_by_name(owner, name)?)),
        [_, login, _] => (*login, None),
        _ => return Err(Failure::NotFound),
    };
    let reaches = |row: &SeedInstallation| match (&row.repositories, repository) {
        (Some(names), Some(repository)) => {
            names.iter().any(|name| name.eq_ignore_ascii_case(&repository.name))
        }
        (Some(_) | None, _) => true,
    };
    let rows = installations(world, access, app);
    let found = rows.iter().find(|row| row.account.eq_ignore_ascii_case(login) && reaches(row));
    found.map(|row| Reply::ok(shape(world, call, app, row))).ok_or(Failure::NotFound)
}

/// `/installation/repositories`, which takes an installation's token.
pub(super) fn repositories(world: &World, call: &Call<'_>) -> Routed {
    let Caller::Installation(grant) = call.caller else {
        return Err(Failure::status(
            StatusCode::FORBIDDEN,
            "You must authenticate with an installation access token in order to list repositories for an \
             installation.",
        ));
    };
    let owner = world.owner_by_login(&grant.account).ok_or(Failure::NotFound)?;
    let rows = owner.repositories.iter().filter_map(|id| world.repositories.get(id));
    let given = |name: &str| {
        grant
            .repositories
            .as_ref()
            .is_none_or(|names| names.iter().any(|known| known.eq_ignore_ascii_case(name)))
    };
    let rows: Vec<_> = rows.filter(|row| given(&row.name)).collect();
    let shapes = Shapes::new(world, call);
    let selection = if grant.repositories.is_some() { "selected" } else { "all" };
    counted_page(call, &rows, ("repositories", json!({ "repository_selection": selection })), |row| {
        shapes.repository(row)
    })
}

fn app_of<'a>(call: &'a Call<'_>) -> Result<&'a SeedApp, Failure> {
    match call.caller {
        Caller::App(app) => Ok(app),
        Caller::Person(_) | Caller::Installation(_) => Err(Failure::NotFound),
    }
}

/// The App's installations; everywhere, where the seed names no App.
fn installations(world: &World, access: &Access, app: &SeedApp) -> Vec<SeedInstallation> {
    if !access.apps.is_empty() {
        return app.installations.clone();
    }
    let everywhere = world.owners.values().map(|owner| SeedInstallation {
        id: u64::from(owner.database_id),
        account: owner.login.clone(),
        permissions: USUAL.map(|(name, level)| (name.to_owned(), level.to_owned())).into(),
        repositories: None,
    });
    everywhere.collect()
}

/// GitHub: OpenAPI: 201 with `token` and `expires_at`; an hour's life; the body may narrow repositories and permissions,
/// not widen them.
fn token(world: &World, call: &Call<'_>, app: &SeedApp, row: &SeedInstallation) -> Routed {
    let body = call.body()?;
    let owner = world.owner_by_login(&row.account).ok_or(Failure::NotFound)?;
    let grant = Grant {
        app: app.id,
        installation: row.id,
        account: row.account.clone(),
        permissions: Some(narrowed(&body, row)?),
        repositories: repositories_of(world, &body, row, owner)?,
        expires: Grant::expiry(call.now),
    };
    let expires = Timestamp::from_second(grant.expires).unwrap_or(Timestamp::MAX);
    let mut shown = json!({
        "token": grant.token(),
        "expires_at": time(expires),
        "permissions": grant.permissions,
        "repository_selection": if grant.repositories.is_some() { "selected" } else { "all" },
    });
    if let Some(names) = &grant.repositories {
        let shapes = Shapes::new(world, call);
        let rows = owner.repositories.iter().filter_map(|id| world.repositories.get(id));
        let rows = rows.filter(|repository| names.contains(&repository.name));
        let rows: Vec<Value> = rows.map(|repository| shapes.repository(repository)).collect();
        super::shapes::merge(&mut shown, json!({ "repositories": rows }));
    }
    Ok(Reply::with_status(CREATED, shown))
}

fn narrowed(body: &Body, row: &SeedInstallation) -> Result<BTreeMap<String, String>, Failure> {
    let Some(wanted) = body.get("permissions").and_then(Value::as_object) else {
        return Ok(row.permissions.clone());
    };
    let rank = |level: &str| ["read", "write", "admin"].iter().position(|known| *known == level);
    let mut granted = BTreeMap::new();
    for (name, level) in wanted {
        let level = level.as_str().unwrap_or_default();
        let given = row.permissions.get(name).and_then(|given| rank(given));
        if rank(level).is_none() || given < rank(level) {
            // GitHub: 422; the wording is as reported.
            return Err(Failure::status(
                StatusCode::UNPROCESSABLE_ENTITY,
                "The permissions requested are not granted to this installation.",
            ));
        }
        granted.insert(name.clone(), level.to_owned());
    }
    Ok(granted)
}

/// GitHub: OpenAPI: by name or by id, at most 500.
fn repositories_of(
    world: &World,
    body: &Body,
    row: &SeedInstallation,
    owner: &Owner,
) -> Result<Option<Vec<String>>, Failure> {
    let names = body.list("repositories")?.unwrap_or_default();
    let ids = body.list("repository_ids")?.unwrap_or_default();
    if names.is_empty() && ids.is_empty() {
        return Ok(row.repositories.clone());
    }
    let unknown = || {
        Failure::status(
            StatusCode::UNPROCESSABLE_ENTITY,
            "There is at least one repository that does not exist or is not accessible to the parent installation.",
        )
    };
    if names.len() + ids.len() > 500 {
        return Err(unknown());
    }
    let all = || owner.repositories.iter().filter_map(|id| world.repositories.get(id));
    let mut found = Vec::new();
    for value in names {
        let known = all().find(|repository| value.as_str().is_some_and(|name| repository.name == name));
        found.push(known.ok_or_else(unknown)?.name.clone());
    }
    for value in ids {
        let known = all().find(|repository| number(value) == Some(u64::from(repository.database_id)));
        found.push(known.ok_or_else(unknown)?.name.clone());
    }
    match &row.repositories {
        Some(given) if found.iter().any(|name| !given.contains(name)) => Err(unknown()),
        Some(_) | None => Ok(Some(found)),
    }
}

/// GitHub: OpenAPI: never null; one that the seed does not name is made up from the id.
fn client_id(app: &SeedApp) -> String {
    app.client_id.clone().unwrap_or_else(|| format!("Iv1.{:016x}", app.id))
}

/// `integration`.
fn integration(world: &World, call: &Call<'_>, app: &SeedApp) -> Value {
    let owner = world.owners.get(&world.viewer);
    let permissions: BTreeMap<&str, &str> = USUAL.into();
    json!({
        "id": app.id,
        "slug": app.slug,
        "node_id": format!("A_kwDO{:06}", app.id),
        "client_id": client_id(app),
        "owner": owner.map(|owner| Shapes::new(world, call).account(owner)),
        "name": app.slug,
        "description": "",
        "external_url": "https://example.com",
        "html_url": format!("https://github.com/apps/{}", app.slug),
        "created_at": owner.map(|owner| time(owner.created_at)),
        "updated_at": owner.map(|owner| time(owner.created_at)),
        "permissions": app.installations.first().map_or_else(|| json!(permissions), |row| json!(row.permissions)),
        "events": [],
        "installations_count": app.installations.len(),
    })
}

/// `installation`.
fn shape(world: &World, call: &Call<'_>, app: &SeedApp, row: &SeedInstallation) -> Value {
    let owner = world.owner_by_login(&row.account);
    json!({
        "id": row.id,
        "account": owner.map(|owner| Shapes::new(world, call).account(owner)),
        "repository_selection": if row.repositories.is_some() { "selected" } else { "all" },
        "access_tokens_url": call.url(&format!("/app/installations/{}/access_tokens", row.id)),
        "repositories_url": call.url("/installation/repositories"),
        "html_url": format!("https://github.com/settings/installations/{}", row.id),
        "app_id": app.id,
        "client_id": client_id(app),
        "target_id": owner.map(|owner| owner.database_id),
        "target_type": owner.map(kind),
        "permissions": row.permissions,
        "events": [],
        "created_at": owner.map(|owner| time(owner.created_at)),
        "updated_at": owner.map(|owner| time(owner.created_at)),
        "single_file_name": null,
        "app_slug": app.slug,
        "suspended_by": null,
        "suspended_at": null,
    })
}
