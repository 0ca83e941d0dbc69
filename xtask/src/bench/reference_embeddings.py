"""Embeds texts as sentence-transformers does: a JSON array of texts on stdin, a JSON array of vectors on stdout."""

import json
import sys
import time

import torch
from sentence_transformers import SentenceTransformer, models

torch.set_num_threads(1)
transformer = models.Transformer(sys.argv[1], max_seq_length=256)
pooling = models.Pooling(transformer.get_embedding_dimension())
model = SentenceTransformer(modules=[transformer, pooling, models.Normalize()], device="cpu")
texts = json.load(sys.stdin)
model.encode(texts[:32])
start = time.process_time()
vectors = model.encode(texts, batch_size=32, show_progress_bar=False)
seconds = time.process_time() - start
json.dump({"seconds": seconds, "vectors": vectors.tolist()}, sys.stdout)
