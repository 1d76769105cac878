package dev.gbpf.host.lsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.lsp.LanguageServerProcess.Ending;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whole sessions, message by message. */
class LanguageServerSessionTest {
    private static final String WRONG = """
            policy p;
            const QUEUE = 1;
            map used: hash<u32, u64>[MAX_TENANTS];
            hook on_submit(ctx) {
                dsq_insert_vtime(QUEUE, used[ctx.tenant]);
                return ENQUEUE;
            }
            """;
    private static final String RIGHT = WRONG.replace("used[ctx.tenant]", "used[ctx.tenant] else 0");
    private static final String REJECTED = RIGHT + "hook on_dispatch(ctx) { return ctx.now_ns; }\n";

    @Test
    void session_fromTheFirstErrorToTheLayout() throws Exception {
        try (ScriptedClient client = new ScriptedClient()) {
            client.initialize();
            client.open(WRONG);
            JsonNode error = client.diagnostics(1).path(0);
            assertThat(error.path("code").asString()).isEqualTo("E0301");
            assertThat(error.path("severity").asInt()).isEqualTo(1);
            assertThat(error.path("message").asString()).contains("may have no value", "help: give a fallback");
            assertThat(error.path("range").toString())
                    .isEqualTo("{\"start\":{\"line\":4,\"character\":28},\"end\":{\"line\":4,\"character\":44}}");

            client.change(2, REJECTED);
            JsonNode rejection = client.diagnostics(2).path(0);
            assertThat(rejection.path("code").asString()).isEqualTo("V0060");
            assertThat(rejection.path("range").path("start").path("line").asInt())
                    .isEqualTo(7);

            client.change(3, RIGHT);
            assertThat(client.diagnostics(3)).isEmpty();

            assertThat(hover(client, 3, 7))
                    .contains("hook on_submit(ctx)", "ENQUEUE", "worst case: **", "helper calls, proved");
            assertThat(hover(client, 4, 22)).contains("const QUEUE = 1", "number = 1");
            assertThat(hover(client, 4, 38))
                    .contains("ctx.tenant: u64", "Range: 0 to 63")
                    .containsPattern("this line in one run, at most: \\*\\*[0-9]+\\*\\* of `on_submit`\\.");
            assertThat(hover(client, 4, 6)).contains("dsq_insert_vtime(dsq, vtime)");
            assertThat(client.ask("hover", 0, 30, "").isNull()).isTrue();

            assertThat(client.ask("definition", 4, 30, "").path(0).path("range").toString())
                    .isEqualTo("{\"start\":{\"line\":2,\"character\":4},\"end\":{\"line\":2,\"character\":8}}");
            assertThat(client.ask("references", 1, 7, ",\"context\":{\"includeDeclaration\":false}"))
                    .hasSize(1);
            assertThat(client.ask("documentSymbol", 0, 0, "")
                            .valueStream()
                            .map(s -> s.path("name").asString()))
                    .containsExactly("QUEUE", "used", "on_submit");

            JsonNode edits = client.ask("rename", 2, 5, ",\"newName\":\"served\"")
                    .path("changes")
                    .path(ScriptedClient.URI);
            assertThat(edits).hasSize(2);

            JsonNode format = client.ask("formatting", 0, 0, ",\"options\":{\"tabSize\":4,\"insertSpaces\":true}");
            assertThat(format.path(0).path("newText").asString()).contains("[MAX_TENANTS];\n\nhook on_submit");

            assertThat(client.request("shutdown", "null").path("result").isNull())
                    .isTrue();
            client.send("{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}");
            assertThat(client.ending()).isEqualTo(new Ending.ShutDown());
            assertThat(client.log()).isEmpty();
        }
    }

    private static String hover(ScriptedClient client, int line, int character) throws Exception {
        return client.ask("hover", line, character, "")
                .path("contents")
                .path("value")
                .asString();
    }

    @Test
    void completion_whileTheTextIsNoPolicy() throws Exception {
        try (ScriptedClient client = new ScriptedClient()) {
            client.initialize();
            client.open("policy p;\nhook on_submit(ctx) {\n    let x = ctx.\n");
            JsonNode fields = client.ask("completion", 2, 16, "");
            assertThat(fields.valueStream().map(i -> i.path("label").asString()))
                    .contains("tenant", "cost_ns");
            assertThat(fields.valueStream().map(i -> i.path("label").asString()))
                    .doesNotContain("let", "kick");
            client.change(2, "policy p;\nhook on_submit(ctx) {\n    return \n}\n");
            JsonNode first = client.ask("completion", 2, 11, "").path(0);
            assertThat(first.path("label").asString()).isEqualTo("ENQUEUE");
            JsonNode statements = client.ask("completion", 2, 4, "");
            assertThat(statements
                            .valueStream()
                            .filter(i -> i.path("label").asString().equals("dsq_insert"))
                            .map(i -> i.path("insertText").asString()))
                    .containsExactly("dsq_insert(${1:dsq});");
        }
    }

    @Test
    void typing_isAnalysedOnlyAtItsEnd() throws Exception {
        try (ScriptedClient client = new ScriptedClient()) {
            client.initialize();
            client.open(WRONG);
            for (int version = 2; version < 40; version++) {
                client.change(version, version % 2 == 0 ? WRONG : REJECTED);
            }
            client.change(40, RIGHT);
            JsonNode message = client.await(m -> m.path("method").asString("").endsWith("publishDiagnostics")
                    && m.path("params").path("diagnostics").isEmpty());
            assertThat(message.path("params").path("version").asInt()).isEqualTo(40);
        }
    }

    @Test
    void close_clearsDiagnostics() throws Exception {
        try (ScriptedClient client = new ScriptedClient()) {
            client.initialize();
            client.open(WRONG);
            assertThat(client.diagnostics(1)).hasSize(1);
            client.notify("textDocument/didClose", "{\"textDocument\":{\"uri\":\"" + ScriptedClient.URI + "\"}}");
            JsonNode cleared = client.await(m -> m.path("method").asString("").endsWith("publishDiagnostics"));
            assertThat(cleared.path("params").path("diagnostics")).isEmpty();
        }
    }

    /** Once, now and then, the reader that was stopped counted as a broken stream. */
    @RepeatedTest(20)
    void exitWithoutShutdown_isToldApart() throws Exception {
        try (ScriptedClient client = new ScriptedClient()) {
            client.initialize();
            client.send("{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}");
            assertThat(client.ending()).isEqualTo(new Ending.NotShutDown());
        }
    }

    @Test
    void endOfTheStream_endsTheServer() throws Exception {
        ScriptedClient client = new ScriptedClient();
        client.initialize();
        client.close();
        assertThat(client.ending()).isEqualTo(new Ending.NotShutDown());
    }
}
