package dev.gbpf.host.cli;

import tools.jackson.databind.JsonNode;

/** How the policy that decides fares on a device, in words. */
final class DeviceText {
    private DeviceText() {}

    /** As in {@code on the device (cpu): epoch 3, acknowledged by all blocks, interpreted}. */
    static String of(JsonNode device) {
        String text = "on the device (" + device.path("runtime").asString() + "): epoch "
                + device.path("epoch").asLong();
        String fault = device.path("fault").asString(device.path("refused").asString(""));
        return text + ", " + acknowledged(device)
                + (fault.isEmpty()
                        ? ", " + device.path("tier").asString()
                        : "; the built-in fair policy decides: " + fault);
    }

    private static String acknowledged(JsonNode device) {
        if (isAcknowledged(device)) {
            return "acknowledged by all blocks";
        }
        long adopted = device.path("adopted").asLong();
        if (adopted >= device.path("epoch").asLong()) {
            return "acknowledged by the control block, not by all blocks yet";
        }
        return "not acknowledged yet, the kernel decides by "
                + (adopted == 0 ? "the built-in fair policy" : "epoch " + adopted);
    }

    /** Whether all of the device has it. */
    static boolean isAcknowledged(JsonNode device) {
        return device.path("acknowledged").asBoolean();
    }
}
