//! How long to wait after a failed attempt, and when to give up.

use std::num::NonZeroU32;
use std::time::Duration;

use evalward_core::{Digest, Timestamp};
use evalward_store::LeasedJob;

/// The wait after the first failed attempt; each further one doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest wait, so that a backlog begins to drain soon after an outage.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The first and the longest pause of the workers while nothing at all can be evaluated.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What to do with a job whose attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Another attempt, then.
    Retry(Timestamp),
    /// Nothing until a person looks.
    Park,
}

/// Decides what becomes of a job whose attempt failed.
///
/// A job is parked only when it had its attempts and something else was evaluated since its first one failed: the sample is
/// the problem then, and not the evaluator. An outage of the evaluator parks nothing, however long it lasts.
pub(super) fn after_failure(
    job: &LeasedJob,
    max_attempts: NonZeroU32,
    last_success: Option<Timestamp>,
    now: Timestamp,
) -> Next {
    let others_succeed = match (job.first_failed_at, last_success) {
        (Some(failed), Some(succeeded)) => succeeded > failed,
        _ => false,
    };
    if job.attempt >= max_attempts.get() && others_succeed {
        return Next::Park;
    }
    let wait = jittered(doubled(FIRST_WAIT, job.attempt.saturating_sub(1), LONGEST_WAIT), job);
    Next::Retry(later(now, wait))
}

/// Returns how long the workers pause after so many rounds in a row in which nothing could be evaluated.
pub(super) fn pause(rounds: u32) -> Duration {
    doubled(FIRST_PAUSE, rounds.saturating_sub(1), LONGEST_PAUSE)
}

/// Returns the moment that lies this long after another.
pub(super) fn later(moment: Timestamp, wait: Duration) -> Timestamp {
    let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(moment.as_millis().saturating_add(millis))
}

fn doubled(first: Duration, times: u32, longest: Duration) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(times)).min(longest)
}

/// Spreads waits over their second half, so that jobs that failed together do not come back together. The share is drawn from
/// the job and the attempt: no two replicas need to agree, but a test must.
fn jittered(wait: Duration, job: &LeasedJob) -> Duration {
    let digest = Digest::of(format!("{} {}", job.job, job.attempt).as_bytes());
    let share = u32::from(digest.as_bytes()[0]);
    wait / 2 + wait / 2 * share / 255
}

#[cfg(test)]
mod tests {
    use evalward_core::{Interaction, InteractionId, Rate};
    use evalward_store::Sample;

    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(NOW + millis)
    }

    fn job(attempt: u32, first_failed_at: Option<i64>) -> LeasedJob {
        let id = InteractionId::new("i").unwrap();
        let sample = Sample {
            project: "default".to_owned(),
            interaction: Interaction::new(id, at(0)),
            received_at: at(0),
            segment: String::new(),
            stratum: "base".to_owned(),
            probability: Rate::ONE,
            is_disliked: false,
        };
        LeasedJob { job: 7, token: 1, attempt, first_failed_at: first_failed_at.map(at), sample }
    }

    fn after(job: &LeasedJob, last_success: Option<i64>) -> Next {
        after_failure(job, NonZeroU32::new(3).unwrap(), last_success.map(at), at(0))
    }

    #[test]
    fn a_job_is_parked_only_when_others_succeed_meanwhile() {
        assert_eq!(after(&job(3, Some(-5000)), Some(-1000)), Next::Park);
        let is_retried = |attempt, first_failed_at, last_success| {
            matches!(after(&job(attempt, first_failed_at), last_success), Next::Retry(_))
        };
        assert!(is_retried(2, Some(-5000), Some(-1000)), "it has an attempt left");
        assert!(is_retried(1000, Some(-5000), None), "nothing succeeded at all");
        assert!(is_retried(1000, Some(-5000), Some(-6000)), "the success was before the outage");
        assert!(is_retried(3, None, Some(-1000)), "this is its first failure");
    }

    #[test]
    fn waits_double_up_to_half_a_minute_and_differ() {
        let wait = |attempt| match after(&job(attempt, Some(-1)), None) {
            Next::Retry(at) => at.as_millis() - NOW,
            Next::Park => panic!("nothing succeeded"),
        };
        for (attempt, longest) in [(1, 1000), (2, 2000), (4, 8000), (6, 30_000), (90, 30_000)] {
            assert!((longest / 2..=longest).contains(&wait(attempt)), "attempt {attempt}");
        }
        assert_ne!(wait(50), wait(51));
    }

    #[test]
    fn pauses_grow_to_a_bound() {
        assert_eq!(pause(1), Duration::from_millis(250));
        assert_eq!(pause(3), Duration::from_secs(1));
        assert_eq!(pause(u32::MAX), Duration::from_secs(5));
    }
}
