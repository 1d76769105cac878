package dev.gbpf.reference;

import java.util.function.Supplier;

/** The generated pages, each with its file name under {@code docs/}. */
public enum ReferencePage {
    HOOKS("hooks.md", HooksPage::render),
    HELPERS("helpers.md", HelpersPage::render),
    BYTECODE("bytecode.md", BytecodePage::render);

    private final String fileName;
    private final Supplier<String> renderer;

    ReferencePage(String fileName, Supplier<String> renderer) {
        this.fileName = fileName;
        this.renderer = renderer;
    }

    public String fileName() {
        return fileName;
    }

    /** The page in Markdown, as this build defines it. */
    public String render() {
        return renderer.get();
    }
}
