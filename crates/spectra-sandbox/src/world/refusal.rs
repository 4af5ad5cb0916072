//! What the world says no with.
//!
//! A refusal changes nothing: each mutation checks first and writes after.

use std::fmt;

/// The class of a refusal: GitHub's error `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusalKind {
    /// Absent, or not visible to this viewer.
    NotFound,
    /// A model's rule was broken.
    Unprocessable,
    /// A value does not fit where it was sent.
    Validation,
    /// Visible, but not allowed.
    Forbidden,
    /// A connection without `first` and `last`.
    MissingPaginationBoundaries,
    /// A connection asked for more than 100 records.
    ExcessivePagination,
    /// An argument's value cannot be used (a malformed cursor, two bounds at once).
    ArgumentError,
    /// A query that may reach more than 500,000 nodes.
    MaxNodeLimitExceeded,
    /// The hourly points are spent.
    RateLimited,
    /// A request that needs more than GitHub gives to one.
    ResourceLimitsExceeded,
    /// GitHub gives some errors no type.
    Untyped,
    /// GitHub has it, the sandbox does not. Never sent by GitHub.
    NotModelled,
    /// The sandbox contradicts itself: a defect of the sandbox, never of the request.
    Internal,
}

impl RefusalKind {
    /// The word that stands in an error's `type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "NOT_FOUND",
            Self::Unprocessable => "UNPROCESSABLE",
            Self::Validation => "VALIDATION",
            Self::Forbidden => "FORBIDDEN",
            Self::MissingPaginationBoundaries => "MISSING_PAGINATION_BOUNDARIES",
            Self::ExcessivePagination => "EXCESSIVE_PAGINATION",
            Self::ArgumentError => "argumentError",
            Self::MaxNodeLimitExceeded => "MAX_NODE_LIMIT_EXCEEDED",
            Self::RateLimited => "RATE_LIMITED",
            Self::ResourceLimitsExceeded => "RESOURCE_LIMITS_EXCEEDED",
            Self::Untyped => "",
            Self::NotModelled => "NOT_MODELLED",
            Self::Internal => "SANDBOX_DEFECT",
        }
    }
}

/// Why a request to the world was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The class.
    pub kind: RefusalKind,
    /// GitHub's sentence where it is known.
    pub message: String,
}

impl Refusal {
    /// A refusal of the named class.
    pub fn new(kind: RefusalKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// No node has this id, or it is of another type. GitHub: message observed in recorded responses.
    pub fn no_node(id: impl fmt::Display) -> Self {
        Self::new(RefusalKind::NotFound, format!("Could not resolve to a node with the global id of '{id}'"))
    }

    /// A model's rule was broken.
    pub fn unprocessable(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Unprocessable, message)
    }

    /// A value does not fit.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Validation, message)
    }

    /// GitHub's schema has it and the sandbox does not.
    pub fn not_modelled(what: impl fmt::Display) -> Self {
        Self::new(RefusalKind::NotModelled, format!("The sandbox does not model `{what}`."))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.as_str(), self.message)
    }
}

impl std::error::Error for Refusal {}
