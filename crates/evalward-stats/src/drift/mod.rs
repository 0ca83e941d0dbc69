//! Whether and how far two distributions differ.

mod histogram;
mod kernel;
mod kolmogorov;
mod kolmogorov_matrix;
mod kolmogorov_smirnov;
mod lattice_paths;
mod sample_distances;

pub use histogram::{HistogramDistances, histogram_distances};
pub use kernel::{KernelDiscrepancy, kernel_discrepancy};
pub use kolmogorov_smirnov::{KolmogorovSmirnov, ks_two_sample};
pub use sample_distances::{SampleDistances, sample_distances, weighted_sample_distances};
