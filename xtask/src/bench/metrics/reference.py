"""The reference implementations' side of `cargo xtask bench metrics`.

`reference.py PAIRS` answers each case named on stdin with one line of JSON: processor seconds a pair, and the sum of all
values, which both sides must agree on.
"""

import collections
import json
import re
import string
import sys
import time

from rapidfuzz.distance import Levenshtein
from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU, CHRF

BATCH_SECONDS = 0.2


def normalize_answer(text):
    """The rules of SQuAD's evaluation script, function by function."""

    def remove_articles(text):
        return re.sub(r"\b(a|an|the)\b", " ", text)

    def white_space_fix(text):
        return " ".join(text.split())

    def remove_punctuation(text):
        excluded = set(string.punctuation)
        return "".join(letter for letter in text if letter not in excluded)

    return white_space_fix(remove_articles(remove_punctuation(text.lower())))


def exact_match(output, reference):
    return float(normalize_answer(output) == normalize_answer(reference))


def token_f1(output, reference):
    given, right = normalize_answer(output).split(), normalize_answer(reference).split()
    shared = sum((collections.Counter(given) & collections.Counter(right)).values())
    if not given or not right:
        return float(given == right)
    if shared == 0:
        return 0.0
    precision, recall = shared / len(given), shared / len(right)
    return 2 * precision * recall / (precision + recall)


rouge = rouge_scorer.RougeScorer(["rougeL"])
bleu, chrf = BLEU(effective_order=True), CHRF()

# sacrebleu remembers the tokens of texts that it has seen; a text is seen once in an evaluation.
TOKENIZERS = [bleu.tokenizer, bleu.tokenizer._post_tokenizer]

CASES = {
    "exact_match": exact_match,
    "token_f1": token_f1,
    "rouge_l": lambda output, reference: rouge.score(reference, output)["rougeL"].fmeasure,
    "bleu": lambda output, reference: bleu.sentence_score(output, [reference]).score,
    "chrf": lambda output, reference: chrf.sentence_score(output, [reference]).score,
    "levenshtein": Levenshtein.normalized_similarity,
}


def forget():
    for tokenizer in TOKENIZERS:
        type(tokenizer).__call__.cache_clear()


def measure(score, pairs):
    rounds, seconds = 0, 0.0
    while seconds < BATCH_SECONDS:
        forget()
        start = time.process_time()
        value = 0.0
        for output, reference in pairs:
            value += score(output, reference)
        seconds += time.process_time() - start
        rounds += 1
    return {"seconds": seconds / rounds / len(pairs), "value": value}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        pairs = json.load(file)
    for line in sys.stdin:
        print(json.dumps(measure(CASES[line.strip()], pairs)), flush=True)


if __name__ == "__main__":
    main()
