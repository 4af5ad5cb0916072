//! The one crate that talks to GitHub.
//!
//! ```text
//! Reader, Writer        what can be asked and told, in the model's nouns
//!   └ Client            pacing, retries, counting: one for both, so that both stay inside one set of windows
//!       └ Transport     one method: a request goes out, an answer comes back
//! ```
//!
//! Almost everything goes over GraphQL; what that has nothing for goes over REST (`rest.rs`), through the same client.
//! What a server's schema lacks is asked once ([`Reader::features`]) and cut out of every document from then on
//! (`dialect.rs`).
//!
//! The crate decides nothing about plans. It never repeats a write that may have been done: such a write is reported as
//! [`WriteResult::Unknown`], and whoever sent it looks at GitHub before sending it again.

mod assignee;
mod auth;
mod batch;
mod batch_size;
mod blocked_by;
mod board_item;
mod bulk;
mod client;
mod clock;
mod dialect;
#[cfg(test)]
mod documents;
mod draft;
mod endpoint;
mod failure;
mod features;
mod field;
mod graphql;
mod http_transport;
mod issue;
mod issue_type;
mod item;
mod label;
mod lookup;
mod milestone;
mod operations;
mod pacing;
mod page;
mod project;
mod raw;
mod reader;
mod repository;
mod rest;
mod scalars;
mod sub_issue;
mod team;
#[cfg(test)]
mod testing;
mod timeline;
mod transport;
mod view;
mod writer;

pub use self::auth::{AuthError, Token};
pub use self::batch_size::BatchSize;
pub use self::board_item::{BoardItem, Content};
pub use self::client::{Client, Config, Pacing};
pub use self::clock::{Clock, SystemClock};
pub use self::endpoint::{Endpoint, EndpointError};
pub use self::failure::Failure;
pub use self::graphql::{GraphQlError, Location, PathSegment, Response};
pub use self::http_transport::{HttpTransport, HttpTransportError};
pub use self::issue::NewIssue;
pub use self::pacing::{Api, Cost, Pacer};
pub use self::raw::Weight;
pub use self::reader::Reader;
pub use self::repository::BoardLinked;
pub use self::sub_issue::Beside;
pub use self::timeline::{BodyEdit, BodyEdits, Event, Happening};
pub use self::transport::{
    BoxError, BoxFuture, HttpRequest, HttpResponse, Method, Transport, TransportError,
};
pub use self::view::RestView;
pub use self::writer::{Answer, CloseAs, Replay, Write, WriteResult, Writer};
