package dev.gbpf.host.cli;

import dev.gbpf.abi.AbiVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String build = GbpfMain.class.getPackage().getImplementationVersion();
        return new String[] {
            "gbpf " + (build == null ? "(development build)" : build) + ", ABI " + AbiVersion.CURRENT + ", Java "
                    + Runtime.version()
        };
    }
}
