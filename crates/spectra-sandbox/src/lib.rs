//! A GitHub in a box.
//!
//! The sandbox answers GraphQL on GitHub's whole published schema, and a little REST, from a world that it keeps in
//! memory and, if asked, in a file. It is written from GitHub's schema and from what is known of GitHub's behaviour;
//! it depends on no client and shares no code with one, so that a client tested against it is not tested against its
//! own mistakes. What the schema has and the world does not is answered with an error of type `NOT_MODELLED`.
//!
//! # The rooms
//!
//! - [`world`]: what GitHub holds and the rules by which it changes. Pure; one file a resource.
//! - `graphql`: documents checked, priced and executed over the world; one file a resource, named as in the world.
//! - `server`: HTTP on one port, the state file, headers, limits. The only room with IO.
//! - [`Seed`], [`Clock`], [`Faults`]: what a world starts with, what time it is in it, and what goes wrong on purpose.
//!
//! # Use
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use spectra_sandbox::{Config, Sandbox, Seed};
//!
//! let seed = Seed::new("octocat").organization("acme").repository("acme", "roadmap");
//! let sandbox = Sandbox::start(Config::in_process(seed)).await?;
//! let graphql = format!("{}/graphql", sandbox.url());
//! // … send requests with any token …
//! # drop(graphql);
//! sandbox.stop().await?;
//! # Ok(())
//! # }
//! ```

mod access;
mod base64;
mod clock;
mod faults;
mod graphql;
mod limits;
mod seed;
mod server;
pub mod show;
pub mod world;

pub use access::{KnownToken, SeedApp, SeedInstallation, SeedToken};
pub use clock::Clock;
pub use faults::{Effect, Faults, Match, On, Rule, Wording};
pub use limits::{Hourly, Limits, Window};
pub use seed::{
    Seed, SeedError, SeedIssueType, SeedLabel, SeedMilestone, SeedOrganization, SeedRepository, SeedTeam,
    SeedUser,
};
pub use server::{Config, Sandbox, ServeError, StartError, StateError, Stats, StopError, read_state};
pub use world::World;
