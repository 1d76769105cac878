#include "prepared.h"

#include "capture.h"
#include "levers.h"

bool gbpf_prepare_slowly(struct gbpf_prepared *prepared, enum gbpf_lever lever, bool usable, bool (*prepare)(void *), void *argument) {
    uint32_t state = LOAD_ACQUIRE(&prepared->state);
    if (state == GBPF_PREPARED) return true;
    if (state != GBPF_UNPREPARED || LOAD(&gbpf_process.captures) != 0) return false;
    if (!usable) {
        gbpf_lever_report(lever, GBPF_LEVER_ABSENT);
        return false;
    }
    if (!COMPARE_EXCHANGE(&prepared->state, &state, GBPF_BEING_PREPARED)) return false;
    const int mode = gbpf_relax_capture();
    const bool done = prepare(argument);
    gbpf_restore_capture(mode);
    STORE_RELEASE(&prepared->state, done ? GBPF_PREPARED : GBPF_NOT_PREPARABLE);
    if (!done) gbpf_lever_report(lever, GBPF_LEVER_REFUSED);
    return done;
}

void gbpf_prepared_refused(struct gbpf_prepared *prepared, enum gbpf_lever lever) {
    STORE(&prepared->state, GBPF_NOT_PREPARABLE);
    gbpf_lever_report(lever, GBPF_LEVER_REFUSED);
}

void gbpf_prepared_gone(struct gbpf_prepared *prepared) {
    if (LOAD(&prepared->state) == GBPF_PREPARED) STORE(&prepared->state, GBPF_UNPREPARED);
}
