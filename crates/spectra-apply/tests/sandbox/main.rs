//! The sandbox as a program of its own.

#[cfg(test)]
mod processes;
