//! All routes, and the limits around them.

use axum::extract::DefaultBodyLimit;
use axum::{Router, middleware};
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::catch_panic::CatchPanicLayer;

use super::{
    alerts, candidates, feedback, guard, health, interaction, interactions, patterns, queue,
    traces, windows,
};
use crate::state::AppState;

/// How many requests are worked on at once; more wait for their turn.
const CONCURRENT_REQUESTS: usize = 256;
/// Bytes of a body where a route has no limit of its own.
const SMALL_BODY_BYTES: usize = 1 << 20;

/// Returns all routes with their limits.
pub(crate) fn router(state: AppState) -> Router {
    let limited = Router::new()
        .merge(traces::routes())
        .merge(interactions::routes())
        .merge(feedback::routes())
        .merge(interaction::routes())
        .merge(windows::routes())
        .merge(alerts::routes())
        .merge(queue::routes())
        .merge(patterns::routes())
        .merge(candidates::routes())
        .layer(GlobalConcurrencyLimitLayer::new(CONCURRENT_REQUESTS));
    guarded(Router::new().merge(limited).merge(health::routes())).with_state(state)
}

/// Puts the limits and the one shape of errors around routes.
pub(super) fn guarded(routes: Router<AppState>) -> Router<AppState> {
    routes
        .fallback(guard::unknown_path)
        .method_not_allowed_fallback(guard::unknown_method)
        .layer(DefaultBodyLimit::max(SMALL_BODY_BYTES))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(middleware::from_fn(guard::guard))
}
