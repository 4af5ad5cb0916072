//! How much goes into one request.
//!
//! GitHub gives no number: heavy batches of 11 and light ones of 76 were seen to fail. So the size starts at 10
//! creations or 40 light mutations, halves when a request was too much, and grows back with success up to where it was
//! seen to fail. Beyond that it is tried again only after long.

/// What a light mutation weighs.
const LIGHT: u32 = 1;
/// What a creation weighs.
const HEAVY: u32 = 4;
/// 40 light mutations, 10 creations, or a mixture.
const START: u32 = 40;
/// So many full successes let the size grow half the way to its ceiling.
const SUCCESSES: u32 = 4;
/// Light mutations were seen to fail by their number from 76 on. So few of them fail for another reason.
const FEW_LIGHT: usize = 10;
/// So many full successes at the ceiling raise it by a creation.
const PROBE_AFTER: u32 = 50;

/// The size of the next request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchSize {
    capacity: u32,
    /// What may be: one less than what was seen to fail.
    ceiling: u32,
    /// The most that went through, and not failed since.
    proven: u32,
    successes: u32,
}

impl Default for BatchSize {
    fn default() -> Self {
        Self { capacity: START, ceiling: START, proven: 0, successes: 0 }
    }
}

impl BatchSize {
    /// How many of the leading mutations fit; each is told by whether it is heavy. One always fits.
    pub fn fitting(&self, heavy: impl IntoIterator<Item = bool>) -> usize {
        let mut weight = 0_u32;
        let mut fitting = 0_usize;
        for heavy in heavy {
            weight = weight.saturating_add(weight_of(heavy));
            if weight > self.capacity && fitting > 0 {
                break;
            }
            fitting = fitting.saturating_add(1);
        }
        fitting
    }

    /// A request of these went through. Only one that used the size says that the size is right.
    pub fn went_through(&mut self, heavy: impl IntoIterator<Item = bool>) {
        let total = total(heavy);
        self.proven = self.proven.max(total);
        let used = total.saturating_add(HEAVY) > self.capacity;
        if !used || self.capacity >= START {
            return;
        }
        self.successes = self.successes.saturating_add(1);
        if self.capacity < self.ceiling && self.successes >= SUCCESSES {
            self.successes = 0;
            self.capacity = self.capacity.saturating_add(self.ceiling).div_ceil(2);
        } else if self.successes >= PROBE_AFTER {
            self.successes = 0;
            self.ceiling = self.ceiling.saturating_add(HEAVY).min(START);
            self.capacity = self.ceiling;
        }
    }

    /// A request of these was too much: none as large is sent next.
    pub fn was_too_much(&mut self, heavy: impl IntoIterator<Item = bool>) {
        let mut heavy = heavy.into_iter().peekable();
        let first = heavy.next();
        if heavy.peek().is_none() {
            // A single mutation can't be made smaller: it failed for another reason.
            return;
        }
        let heavy: Vec<bool> = first.into_iter().chain(heavy).collect();
        let few = heavy.len() < FEW_LIGHT && !heavy.contains(&true);
        let total = total(heavy);
        self.successes = 0;
        self.capacity = (total.min(self.capacity) / 2).max(1);
        let below = total.saturating_sub(1).max(1);
        if few {
            return;
        }
        // A request that is no larger than what went through before may have failed for another reason; it sets the
        // ceiling when it fails once more.
        if total > self.proven {
            self.ceiling = self.ceiling.min(below);
        } else {
            self.proven = below;
        }
    }
}

fn weight_of(heavy: bool) -> u32 {
    if heavy { HEAVY } else { LIGHT }
}

fn total(heavy: impl IntoIterator<Item = bool>) -> u32 {
    heavy.into_iter().map(weight_of).fold(0, u32::saturating_add)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(heavy: bool) -> impl Iterator<Item = bool> {
        std::iter::repeat_n(heavy, 100)
    }

    #[test]
    fn it_starts_at_ten_creations_or_forty_light_mutations() {
        let size = BatchSize::default();
        assert_eq!((size.fitting(all(true)), size.fitting(all(false))), (10, 40));
        assert_eq!(size.fitting([true, true].into_iter().chain(all(false))), 34);
        assert_eq!(size.fitting([]), 0);
    }

    #[test]
    fn it_halves_and_grows_back() {
        let mut size = BatchSize::default();
        size.was_too_much([true; 10]);
        assert_eq!(size.fitting(all(true)), 5);
        for creations in [5, 7, 8, 9] {
            assert_eq!(size.fitting(all(true)), creations);
            for _ in 0..SUCCESSES {
                size.went_through(vec![true; creations]);
            }
        }
        assert_eq!(size.fitting(all(true)), 9, "ten were too much a moment ago");
    }

    #[test]
    fn a_single_mutation_that_fails_says_nothing_of_size() {
        let mut size = BatchSize::default();
        size.was_too_much([false]);
        size.was_too_much([true]);
        assert_eq!(size, BatchSize::default());
    }

    /// Makes so many things with a server that does no more than `allowed` at once; how many requests were too much,
    /// and how many there were.
    fn make(things: usize, allowed: usize) -> (usize, usize) {
        let (mut size, mut left, mut too_much, mut requests) = (BatchSize::default(), things, 0, 0);
        while left > 0 {
            let sent = size.fitting(std::iter::repeat_n(true, left));
            requests += 1;
            if sent > allowed {
                too_much += 1;
                size.was_too_much(vec![true; sent]);
            } else {
                left -= sent;
                size.went_through(vec![true; sent]);
            }
        }
        (too_much, requests)
    }

    #[test]
    fn a_size_that_failed_is_seldom_tried_again() {
        for allowed in 1..10 {
            let (too_much, requests) = make(600, allowed);
            assert!(too_much <= 4 + requests / 50, "{allowed} at once: {too_much} of {requests}");
            let least = 600_usize.div_ceil(allowed);
            assert!(
                requests <= least + least / 4 + 20,
                "{allowed} at once: {requests}, and {least} would do"
            );
        }
        assert_eq!(make(600, 10), (0, 60));
    }

    #[test]
    fn one_failure_of_a_proven_size_is_not_put_down_to_its_size() {
        let mut size = BatchSize::default();
        size.went_through([true; 10]);
        size.was_too_much([true; 10]);
        assert_eq!(size.fitting(all(true)), 5);
        for _ in 0..SUCCESSES * 6 {
            let fitting = size.fitting(all(true));
            size.went_through(vec![true; fitting]);
        }
        assert_eq!(size.fitting(all(true)), 10);
        size.was_too_much([true; 10]);
        size.was_too_much([true; 10]);
        for _ in 0..SUCCESSES * 6 {
            let fitting = size.fitting(all(true));
            size.went_through(vec![true; fitting]);
        }
        assert_eq!(size.fitting(all(true)), 9);
    }

    #[test]
    fn a_few_light_mutations_that_fail_set_no_ceiling() {
        for sent in 2..FEW_LIGHT {
            let mut size = BatchSize::default();
            size.was_too_much(vec![false; sent]);
            assert!(size.fitting(all(false)) < sent, "none as large is sent next");
            for _ in 0..SUCCESSES * 8 {
                let fitting = size.fitting(all(false));
                size.went_through(vec![false; fitting]);
            }
            assert_eq!(size.fitting(all(false)), 40, "{sent}");
        }
    }

    #[test]
    fn in_the_end_a_size_that_failed_is_tried_again() {
        let mut size = BatchSize::default();
        size.was_too_much([true; 10]);
        for _ in 0..SUCCESSES * 6 + PROBE_AFTER {
            let fitting = size.fitting(all(true));
            size.went_through(vec![true; fitting]);
        }
        assert_eq!(size.fitting(all(true)), 10);
    }

    #[test]
    fn small_successes_say_nothing_of_a_large_size() {
        let mut size = BatchSize::default();
        size.was_too_much([true; 10]);
        for _ in 0..100 {
            size.went_through([false]);
        }
        assert_eq!(size.fitting(all(true)), 5);
    }

    proptest! {
        #[test]
        fn what_was_too_much_is_not_sent_again(writes in proptest::collection::vec(any::<bool>(), 2..60)) {
            let mut size = BatchSize::default();
            loop {
                let fitting = size.fitting(writes.iter().copied());
                prop_assert!(fitting >= 1);
                if fitting == 1 {
                    break;
                }
                size.was_too_much(writes[..fitting].iter().copied());
                prop_assert!(size.fitting(writes.iter().copied()) < fitting);
            }
        }
    }
}
