//! The sandbox over HTTP, as clients that know nothing of it meet it.

#[cfg(test)]
mod admin;
#[cfg(test)]
mod apps;
#[cfg(test)]
mod board;
#[cfg(test)]
mod conditional;
#[cfg(test)]
mod coverage;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod gh;
#[cfg(test)]
mod gh_issue;
#[cfg(test)]
mod gh_project;
#[cfg(test)]
mod github_project;
#[cfg(test)]
mod issues;
#[cfg(test)]
mod iterations;
#[cfg(test)]
mod later;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod milestones;
#[cfg(test)]
mod people;
#[cfg(test)]
mod projects;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod rest;
#[cfg(test)]
mod rest_boards;
#[cfg(test)]
mod rest_issues;
#[cfg(test)]
mod search;
#[cfg(test)]
mod server;
#[cfg(test)]
mod state;
#[cfg(test)]
mod support;
#[cfg(test)]
mod timeline;
#[cfg(test)]
mod transfer;
#[cfg(test)]
mod views;
