//! Whether and how far two distributions differ.
