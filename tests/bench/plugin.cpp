// What bench_boundary loads twelve times and calls.
#include <concejo/plugin.hpp>

namespace {

class Banco {
public:
    explicit Banco(concejo::Kernel& kernel) {
        kernel.page("/banco", [](const concejo::Request&, concejo::Reply&) {});
        kernel.page("/banco/estado",
                    [](const concejo::Request&, concejo::Reply& reply) { reply.status(200); });
        const auto metric =
            kernel.metrics().counter("vueltas_total", "Vueltas del banco de pruebas", {"clase"});
        kernel.page("/banco/cuenta", [series = metric.of_all({"una"})](const concejo::Request&,
                                                                       concejo::Reply&) { series.add(); });
        kernel.page("/banco/busca", [metric](const concejo::Request& request, concejo::Reply&) {
            metric.add(request, {"otra"});
        });
    }
};

}  // namespace

CONCEJO_PLUGIN(Banco, "banco.00", "1.0.0", "log/1 http/1 metrics/1", "", "")
