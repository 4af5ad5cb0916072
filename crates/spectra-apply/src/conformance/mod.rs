//! Whether GitHub is as Spectra takes it to be.
//!
//! Every behaviour of GitHub's that the applier relies on is a named check with its source; what nobody knows is a
//! question, and reported as an answer. They run against whatever GitHub the command is pointed at, in throwaway
//! projects and issues. The checks ask with documents of their own and look at raw answers, so that they share no
//! mistake with the applier; they know neither plans nor manifests.
//!
//! Guarantees: nothing is made before it was said and agreed to; everything that is made has a title or name of the
//! checks' own and is removed at the end, also after failures; what an interrupted run left is removed by the next.

mod answer;
mod bench;
mod budget;
mod cleanup;
mod command;
mod dependency;
mod documents;
mod errors;
mod field;
mod issue;
mod item;
mod iteration;
mod label;
mod lag;
mod made;
mod milestone;
mod option;
mod project;
mod reading;
mod report;
mod round;
mod start;
mod sub_issue;
mod table;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use self::command::run;
