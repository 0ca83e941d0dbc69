//! What tokens cost.

use evalward_core::{Finite, Usage};

/// The price of a model's tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// US dollars for a million tokens of requests.
    pub input_per_million_usd: Finite,
    /// US dollars for a million tokens of answers.
    pub output_per_million_usd: Finite,
}

impl Price {
    /// Fills in the cost where the server gave none but counted both kinds of tokens.
    #[must_use]
    pub fn applied_to(self, usage: Usage) -> Usage {
        let counted = usage.input_tokens.zip(usage.output_tokens);
        let cost_usd = usage.cost_usd.or_else(|| {
            let (input, output) = counted?;
            let cost = millions(input)? * self.input_per_million_usd.get()
                + millions(output)? * self.output_per_million_usd.get();
            Finite::new(cost).ok()
        });
        Usage { cost_usd, ..usage }
    }
}

fn millions(tokens: u64) -> Option<f64> {
    // No answer has four billion tokens; one that claims so has no cost that we know.
    u32::try_from(tokens).ok().map(|tokens| f64::from(tokens) / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_own_cost_wins_and_missing_counts_cost_nothing() {
        let price = Price {
            input_per_million_usd: Finite::new(2.0).unwrap(),
            output_per_million_usd: Finite::new(8.0).unwrap(),
        };
        let counted =
            Usage { input_tokens: Some(500_000), output_tokens: Some(250_000), cost_usd: None };
        assert_eq!(price.applied_to(counted).cost_usd, Some(Finite::new(3.0).unwrap()));
        let told = Usage { cost_usd: Some(Finite::ONE), ..counted };
        assert_eq!(price.applied_to(told), told);
        let uncounted = Usage { output_tokens: None, ..counted };
        assert_eq!(price.applied_to(uncounted).cost_usd, None);
    }
}
