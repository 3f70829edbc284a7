package io.palimpsest.retrain.tune.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * An endpoint that speaks the fine-tuning API. Jobs advance one step with each look: queued, running with a step each, succeeded
 * after the third. Faults are queued for the next calls of a path.
 */
final class FineTuningStub implements AutoCloseable {
    static final String KEY = "secret-of-the-test";

    private final HttpServer server;
    private final Map<String, String> files = new LinkedHashMap<>();
    private final Map<String, ObjectNode> jobs = new LinkedHashMap<>();
    private final Map<String, Integer> looks = new LinkedHashMap<>();
    private final Map<String, Deque<Fault>> faults = new LinkedHashMap<>();
    private final List<String> calls = new ArrayList<>();
    private boolean lastsForEver;
    private String errorCode = "";
    private String loss = "0.5";
    private boolean namesModel = true;

    /** What happens instead of, or after, the right answer. */
    record Fault(int status, int retryAfterSeconds, boolean worksAnyway) {
        static Fault status(int status) {
            return new Fault(status, -1, false);
        }

        /** The work is done, the answer is lost. */
        static Fault lostAnswer() {
            return new Fault(0, -1, true);
        }
    }

    FineTuningStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    /** @param call such as {@code POST /files} or {@code GET /fine_tuning/jobs/*} */
    synchronized void next(String call, Fault... wanted) {
        faults.computeIfAbsent(call, c -> new ArrayDeque<>()).addAll(List.of(wanted));
    }

    synchronized void runForEver() {
        lastsForEver = true;
    }

    synchronized void failWith(String code) {
        errorCode = code;
    }

    synchronized void loss(String json) {
        loss = json;
    }

    synchronized void nameNoModel() {
        namesModel = false;
    }

    synchronized void forgetJobs() {
        jobs.clear();
    }

    synchronized List<JsonNode> jobs() {
        return new ArrayList<>(jobs.values());
    }

    synchronized Map<String, String> files() {
        return Map.copyOf(files);
    }

    synchronized long count(String call) {
        return calls.stream().filter(call::equals).count();
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/v1".length());
        String call = exchange.getRequestMethod() + " " + path.replaceAll("/(ftjob|file)-[a-z0-9]+", "/*");
        calls.add(call);
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "{\"error\":{\"code\":\"invalid_api_key\"}}");
            return;
        }
        Fault fault = faults.getOrDefault(call, new ArrayDeque<>()).poll();
        if (fault != null && !fault.worksAnyway()) {
            if (fault.retryAfterSeconds() >= 0) {
                exchange.getResponseHeaders().add("Retry-After", Integer.toString(fault.retryAfterSeconds()));
            }
            answer(exchange, fault.status(), "{\"error\":{\"code\":\"stub\"}}");
            return;
        }
        String answer = work(call, path, body);
        if (fault != null) {
            exchange.close(); // the connection breaks
        } else if (answer.isEmpty()) {
            answer(exchange, 404, "{\"error\":{\"code\":\"not_found\"}}");
        } else {
            answer(exchange, 200, answer);
        }
    }

    private String work(String call, String path, String body) throws IOException {
        String id = path.replaceAll(".*/((ftjob|file)-[a-z0-9]+).*", "$1");
        return switch (call) {
            case "POST /files" -> upload(body);
            case "DELETE /files/*" -> files.remove(id) == null ? "" : "{\"id\":\"" + id + "\",\"deleted\":true}";
            case "POST /fine_tuning/jobs" -> create(body);
            case "GET /fine_tuning/jobs" -> "{\"object\":\"list\",\"has_more\":false,\"data\":" + jobs.values() + "}";
            case "GET /fine_tuning/jobs/*" -> jobs.containsKey(id) ? look(id) : "";
            case "GET /fine_tuning/jobs/*/events" -> jobs.containsKey(id) ? events(id) : "";
            case "POST /fine_tuning/jobs/*/cancel" ->
                jobs.containsKey(id) ? jobs.get(id).put("status", "cancelled").toString() : "";
            default -> "";
        };
    }

    private String upload(String body) {
        String id = "file-" + (files.size() + 1);
        files.put(id, body);
        return "{\"id\":\"" + id + "\",\"object\":\"file\",\"purpose\":\"fine-tune\",\"status\":\"processed\"}";
    }

    private String create(String body) throws IOException {
        ObjectNode job = (ObjectNode) Json.mapper().readTree(body);
        if (!files.containsKey(job.path("training_file").asText())) {
            return "";
        }
        String id = "ftjob-" + (jobs.size() + 1);
        job.put("id", id)
                .put("object", "fine_tuning.job")
                .put("status", "queued")
                .putNull("fine_tuned_model");
        jobs.put(id, job);
        looks.put(id, 0);
        return job.toString();
    }

    private String look(String id) {
        ObjectNode job = jobs.getOrDefault(id, Json.mapper().createObjectNode());
        int look = looks.merge(id, 1, Integer::sum);
        if (job.path("status").asText().equals("cancelled")) {
            return job.toString();
        }
        if (look > 3 && !lastsForEver && errorCode.isEmpty()) {
            job.put("status", "succeeded").put("trained_tokens", 4_321);
            if (namesModel) {
                job.put(
                        "fine_tuned_model",
                        "ft:" + job.path("model").asText() + ":"
                                + job.path("suffix").asText());
            }
        } else if (look > 3 && !errorCode.isEmpty()) {
            job.put("status", "failed");
            job.putObject("error").put("code", errorCode).put("message", "line 1: PRIVATE TEXT");
        } else {
            job.put("status", "running");
        }
        return job.toString();
    }

    private String events(String id) {
        StringBuilder events = new StringBuilder();
        for (int step = Math.min(3, looks.getOrDefault(id, 0)); step >= 1; step--) {
            events.append("{\"id\":\"ftevent-")
                    .append(step)
                    .append("\",\"type\":\"metrics\",\"data\":{\"step\":")
                    .append(step)
                    .append(",\"total_steps\":3,\"train_loss\":")
                    .append(loss)
                    .append("}},");
        }
        return "{\"object\":\"list\",\"data\":[" + events
                + "{\"id\":\"ftevent-0\",\"type\":\"message\",\"message\":\"Created\",\"data\":{}}]}";
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
