// What bench_boundary loads twelve times and calls.
#include <concejo/plugin.hpp>

namespace {

class Banco {
public:
    explicit Banco(concejo::Kernel& kernel) {
        kernel.page("/banco", [](const concejo::Request&, concejo::Reply&) {});
        kernel.page("/banco/estado", [](const concejo::Request&, concejo::Reply& reply) { reply.status(200); });
    }
};

}  // namespace

CONCEJO_PLUGIN(Banco, "banco.00", "1.0.0", "log/1 http/1", "", "")
