//! Tests and effect sizes for two samples, paired or not, and corrections for many of them.
