// How jemalloc keeps memory (its manual's TUNING section): in huge pages where the system grants them, since
// most of the market's time goes into records that no cache holds, and each then costs a walk through page
// tables as well; in few arenas, which leaves less of it half used; large pieces as all others, for a block's
// batch would otherwise be given back to the system and cleared anew for each block; and what stays unused
// goes back in five seconds rather than ten.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "thp:always,narenas:2,oversize_threshold:0,dirty_decay_ms:5000";
}
