//! How much goes into one request.
//!
//! GitHub gives no number: heavy batches of 11 and light ones of 76 were seen to fail. So the size starts at 10
//! creations or 40 light mutations, halves when a request was too much, and grows back with success.

/// What a light mutation weighs.
const LIGHT: u32 = 1;
/// What a creation weighs.
const HEAVY: u32 = 4;
/// 40 light mutations, 10 creations, or a mixture.
const START: u32 = 40;
/// So many full successes double the size again.
const SUCCESSES: u32 = 4;

/// The size of the next request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchSize {
    capacity: u32,
    successes: u32,
}

impl Default for BatchSize {
    fn default() -> Self {
        Self { capacity: START, successes: 0 }
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
        let used = total(heavy).saturating_add(HEAVY) > self.capacity;
        if !used || self.capacity >= START {
            return;
        }
        self.successes = self.successes.saturating_add(1);
        if self.successes >= SUCCESSES {
            self.successes = 0;
            self.capacity = self.capacity.saturating_mul(2).min(START);
        }
    }

    /// A request of these was too much: none as large is sent next.
    pub fn was_too_much(&mut self, heavy: impl IntoIterator<Item = bool>) {
        self.successes = 0;
        self.capacity = (total(heavy).min(self.capacity) / 2).max(1);
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
        for _ in 0..SUCCESSES {
            size.went_through([true; 5]);
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
