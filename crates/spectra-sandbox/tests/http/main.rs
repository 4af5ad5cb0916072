//! The sandbox over HTTP, as clients that know nothing of it meet it.

#[cfg(test)]
mod board;
#[cfg(test)]
mod coverage;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod gh;
#[cfg(test)]
mod issues;
#[cfg(test)]
mod later;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod server;
#[cfg(test)]
mod state;
#[cfg(test)]
mod support;
