//! How GitHub's failures end a run.

use spectra_github::Failure;

use crate::error::Kind;

/// The kind of a failure, which decides the exit code.
pub(crate) fn kind(failure: &Failure) -> Kind {
    match failure {
        Failure::Unauthorised { .. } | Failure::InsufficientScopes { .. } | Failure::Forbidden { .. } => {
            Kind::NotAllowed
        }
        Failure::RateLimited { .. }
        | Failure::SecondaryLimit { .. }
        | Failure::Unreachable { .. }
        | Failure::Redirected { .. }
        | Failure::NotGitHub { .. }
        | Failure::Ambiguous { .. } => Kind::Unreachable,
        Failure::TemporaryConflict { .. } => Kind::Stopped,
        Failure::NotFound { .. }
        | Failure::Validation { .. }
        | Failure::ResourceLimits { .. }
        | Failure::AlreadyThere { .. }
        | Failure::Refused { .. }
        | Failure::Malformed { .. } => Kind::Failed,
    }
}

/// A failure with what is under it, on one line.
pub(crate) fn told(failure: &Failure) -> String {
    let mut text = failure.to_string();
    let mut source = std::error::Error::source(failure);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// What to do about a failure that ended the run, where its own words don't say.
pub(crate) fn hint(failure: &Failure) -> &'static str {
    if matches!(failure, Failure::Unreachable { .. }) {
        ". Check the network and GITHUB_API_URL, then run again"
    } else {
        ""
    }
}

/// Whether nothing else of a run can go through either.
pub(crate) fn ends_the_run(failure: &Failure) -> bool {
    match kind(failure) {
        Kind::NotAllowed => {
            matches!(failure, Failure::Unauthorised { .. } | Failure::InsufficientScopes { .. })
        }
        Kind::Unreachable => !matches!(failure, Failure::Ambiguous { .. }),
        Kind::Usage | Kind::File | Kind::Unsafe | Kind::Plan | Kind::Stopped | Kind::Failed => false,
    }
}
