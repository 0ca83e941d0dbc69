//! Random numbers that are the same on every machine.

/// The splitmix64 generator: Steele, Lea and Flood (2014), "Fast splittable pseudorandom number generators".
#[derive(Clone, Debug)]
pub(super) struct Random {
    state: u64,
    spare: Option<f64>,
}

impl Random {
    /// Starts a stream; different streams of one seed have nothing in common.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut mixer = Self { state: seed, spare: None };
        let base = mixer.next();
        let mut mixer = Self { state: base.wrapping_add(stream), spare: None };
        Self { state: mixer.next(), spare: None }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns a number between 0 and 1, with 52 bits.
    pub(super) fn uniform(&mut self) -> f64 {
        // The bits of a number between 1 and 2.
        f64::from_bits((self.next() >> 12) | 0x3FF0_0000_0000_0000) - 1.0
    }

    /// Returns a standard normal number: Box and Muller (1958).
    pub(super) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        let (sine, cosine) = (std::f64::consts::TAU * self.uniform()).sin_cos();
        self.spare = Some(radius * sine);
        radius * cosine
    }

    /// Tells whether something of this probability happens.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Returns a number below `limit`, which is above 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let limit = u128::try_from(limit).unwrap_or(1);
        // The upper half of the product: uniform but for a share of `limit / 2^64`.
        usize::try_from((u128::from(self.next()) * limit) >> 64).unwrap_or(0)
    }
}
