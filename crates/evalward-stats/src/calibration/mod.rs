//! How far a judge's scores can be trusted, and rates corrected for its errors.
