//! The one crate that talks to GitHub.
//!
//! ```text
//! Reader, Writer        what can be asked and told, in the model's nouns
//!   └ Client            pacing, retries, counting: one for both, so that both stay inside one set of windows
//!       └ Transport     one method: a request goes out, an answer comes back
//! ```
//!
//! The crate decides nothing about plans. It never repeats a write that may have been done: such a write is reported as
//! [`WriteResult::Unknown`], and whoever sent it looks at GitHub before sending it again.

mod auth;
mod batch;
mod batch_size;
mod blocked_by;
mod client;
mod clock;
#[cfg(test)]
mod documents;
mod endpoint;
mod failure;
mod field;
mod graphql;
mod http_transport;
mod issue;
mod item;
mod label;
mod operations;
mod pacing;
mod page;
mod project;
mod raw;
mod reader;
mod scalars;
mod sub_issue;
#[cfg(test)]
mod testing;
mod transport;
mod writer;

pub use self::auth::{AuthError, Token};
pub use self::batch_size::BatchSize;
pub use self::client::{Client, Config, Pacing};
pub use self::clock::{Clock, SystemClock};
pub use self::endpoint::{Endpoint, EndpointError};
pub use self::failure::Failure;
pub use self::graphql::{GraphQlError, Location, PathSegment, Response};
pub use self::http_transport::{HttpTransport, HttpTransportError};
pub use self::item::BoardItem;
pub use self::pacing::{Cost, Pacer};
pub use self::raw::Weight;
pub use self::reader::Reader;
pub use self::transport::{
    BoxError, BoxFuture, HttpRequest, HttpResponse, Method, Transport, TransportError,
};
pub use self::writer::{Answer, CloseAs, Replay, Write, WriteResult, Writer};
