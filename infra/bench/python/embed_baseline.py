"""Embeds the same texts with the same ONNX file under Python's onnxruntime, for EmbeddingBench to run beside the JVM.

Line protocol: one JSON object per line. Start-up prints {"onnxruntime": version}. Each request line
{"texts": [...], "batch": 8} is answered with {"seconds": s, "cpu": s, "texts": n, "vector": [384 numbers of the first text]}.
Loading the model is outside the measured time; tokenising, inference, pooling and normalising are inside.
Threads spin while they wait, as is onnxruntime's default and fastest on idle cores; that counts as CPU time.
"""

import argparse
import json
import sys
import time

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer


def session(path, threads):
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def embed(model, tokenizer, texts, batch):
    encodings = tokenizer.encode_batch(texts)
    order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
    wanted = {node.name for node in model.get_inputs()}
    vectors = np.empty((len(texts), 384), dtype=np.float32)
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        width = max(len(encodings[i].ids) for i in rows)
        ids = np.zeros((len(rows), width), dtype=np.int64)
        mask = np.zeros((len(rows), width), dtype=np.int64)
        for row, i in enumerate(rows):
            length = len(encodings[i].ids)
            ids[row, :length] = encodings[i].ids
            mask[row, :length] = 1
        feed = {"input_ids": ids, "attention_mask": mask}
        if "token_type_ids" in wanted:
            feed["token_type_ids"] = np.zeros_like(ids)
        hidden = model.run(None, feed)[0]
        weights = mask[:, :, None].astype(np.float32)
        pooled = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        vectors[rows] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
    return vectors


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    tokenizer = Tokenizer.from_file(arguments.tokenizer)
    tokenizer.enable_truncation(max_length=512)
    tokenizer.no_padding()
    model = session(arguments.model, arguments.threads)
    print(json.dumps({"onnxruntime": ort.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        started, cpu = time.perf_counter(), time.process_time()
        vectors = embed(model, tokenizer, request["texts"], request["batch"])
        seconds = time.perf_counter() - started
        cpu = time.process_time() - cpu
        answer = {"seconds": seconds, "cpu": cpu, "texts": len(vectors), "vector": [float(x) for x in vectors[0]]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
