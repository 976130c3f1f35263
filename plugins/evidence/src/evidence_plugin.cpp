// Proof of what is published: seal, timestamps, publication log, verification.
#include "pages.hpp"

namespace evidence {

class Evidence {
public:
    explicit Evidence(concejo::Kernel& kernel) {
        register_service(kernel);
        register_verify(kernel);
        register_log(kernel);
        register_dating(kernel);
        register_archiving(kernel);
        register_keeping(kernel);
        register_witness(kernel);
        register_witnesses(kernel);
        register_watch(kernel);
        register_availability(kernel);
        register_copies(kernel);
        register_copy_commands(kernel);
        register_expediente(kernel);
        register_import(kernel);
        register_commands(kernel);
    }
};

}  // namespace evidence

CONCEJO_PLUGIN(evidence::Evidence, "evidence", "1.0.0",
               "log/1 http/1 pages/1 db/1 config/1 i18n/1 identity/1 cli/1 bus/1 audit/1 blobs/1 process/1 "
               "jobs/1 http_client/1",
               "", "evidence:1")
