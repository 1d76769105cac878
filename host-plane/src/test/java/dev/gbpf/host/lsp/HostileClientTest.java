package dev.gbpf.host.lsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.lsp.LanguageServerProcess.Ending;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Clients that send what they should not. */
class HostileClientTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 2000000000\r\n\r\n",
                "Content-Length: -1\r\n\r\n",
                "Content-Length: 99999999999999999999\r\n\r\n",
                "Content-Length: x\r\n\r\n",
                "Content-Type: text\r\n\r\n",
                "hello\r\n\r\n"
            })
    void wrongHeader_endsTheSession(String header) throws Exception {
        try (ScriptedClient client = new ScriptedClient()) {
            client.raw(header);
            assertThat(client.ending())
                    .isInstanceOfSatisfying(
                            Ending.Broken.class, b -> assertThat(b.reason()).contains("Content-Length"));
        }
    }

    @Test
    void headerWithoutEnd_endsTheSession() throws Exception {
        try (ScriptedClient client = new ScriptedClient()) {
            client.raw("A".repeat(5_000));
            assertThat(client.ending()).isInstanceOf(Ending.Broken.class);
        }
    }

    @Test
    void streamThatEndsWithinAMessage_isBroken() throws Exception {
        ScriptedClient client = new ScriptedClient();
        client.raw("Content-Length: 50\r\n\r\n{}");
        client.close();
        assertThat(client.ending()).isInstanceOf(Ending.Broken.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "null",
                "{}",
                "\"x\"",
                "{\"jsonrpc\":\"2.0\",\"id\":99,\"method\":\"no/such\",\"params\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":[],\"method\":7}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":7}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didOpen\",\"params\":{}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didChange\",\"params\":{\"textDocument\":{\"uri\":\"x\"}}}",
                "{\"jsonrpc\":\"2.0\",\"id\":98,\"method\":\"textDocument/hover\",\"params\":null}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":12345}}",
                "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":{}}"
            })
    void wrongMessage_leavesTheSessionAlive(String message) throws Exception {
        try (ScriptedClient client = new ScriptedClient()) {
            client.initialize();
            client.send(message);
            client.open("policy p;\nhook init(ctx) { let x = 1 }\n");
            assertThat(client.diagnostics(1).path(0).path("code").asString()).isEqualTo("E0011");
        }
    }

    @Test
    void deepMessage_leavesTheSessionAlive() throws Exception {
        try (ScriptedClient client = new ScriptedClient()) {
            client.initialize();
            client.send("{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"params\":" + "[".repeat(100_000) + "]".repeat(100_000)
                    + "}");
            client.open("policy p;\nhook init(ctx) {}\n");
            assertThat(client.diagnostics(1)).isEmpty();
        }
    }

    @Test
    void requestsOutOfOrder_areRefused() throws Exception {
        try (ScriptedClient client = new ScriptedClient()) {
            String place = "{\"textDocument\":{\"uri\":\"" + ScriptedClient.URI
                    + "\"},\"position\":{\"line\":0,\"character\":0}}";
            assertThat(code(client.request("textDocument/hover", place))).isEqualTo(-32002);
            client.open("policy p;\n");
            client.initialize();
            assertThat(code(client.request("initialize", "{\"capabilities\":{}}")))
                    .isEqualTo(-32600);
            assertThat(code(client.request("textDocument/hover", place))).isEqualTo(-32602);
            client.request("shutdown", "null");
            assertThat(code(client.request("textDocument/hover", place))).isEqualTo(-32600);
        }
    }

    private static int code(JsonNode response) {
        return response.path("error").path("code").asInt();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1x", "let", "", "a b", "ctx;"})
    void renamingToWhatIsNoName_isRefused(String name) throws Exception {
        try (ScriptedClient client = new ScriptedClient()) {
            client.initialize();
            client.open("policy p;\nconst A = 1;\n");
            JsonNode response = client.request(
                    "textDocument/rename",
                    "{\"textDocument\":{\"uri\":\"" + ScriptedClient.URI
                            + "\"},\"position\":{\"line\":1,\"character\":6},\"newName\":\"" + name + "\"}");
            assertThat(code(response)).isEqualTo(-32602);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5,3", "0,-1", "100000,100000", "1,2147483647", "2147483647,0"})
    void placesOutsideTheText_areAnswered(String place) throws Exception {
        try (ScriptedClient client = new ScriptedClient()) {
            client.initialize();
            client.open("policy p;\nconst A = 1;\n");
            int line = Integer.parseInt(place.substring(0, place.indexOf(',')));
            int character = Integer.parseInt(place.substring(place.indexOf(',') + 1));
            for (String method :
                    new String[] {"hover", "completion", "definition", "documentHighlight", "prepareRename"}) {
                assertThat(client.ask(method, line, character, "").isMissingNode())
                        .as(method)
                        .isFalse();
            }
        }
    }
}
