// Data services that the municipality has besides the portal's own API: what the tables hold of them.
#pragma once

#include "metadata.hpp"

#include <span>

namespace open_data {

/// A closed list: what a program has to speak to use the service.
struct ServiceKind {
    const char* code;       ///< as the table has it
    const char* label;      ///< msgid
    const char* standard;   ///< URI of what it conforms to; empty: none
    const char* described;  ///< of OGC's: the query that answers its description; empty: nothing is known
};
std::span<const ServiceKind> service_kinds();
const ServiceKind* service_kind(std::string_view code);

struct Service {
    std::string id, name, organization;
    State state = State::draft;  ///< draft, published or withdrawn
    std::string kind, endpoint;
    /// The keys of Dataset::meta that describe a service too (title, notes, keywords, sectors, license, access_right, spatial,
    /// maintainer, maintainer_email, withdrawn), and addresses: "described_by" for programs, "page" for people.
    Json meta;
    int version = 1;
    Instant modified, issued;
    Json publisher;                     ///< as Dataset's
    std::vector<std::string> datasets;  ///< identifiers
    std::int64_t listed = 0;            ///< of those, how many everybody sees, withdrawn or not

    /// What programs read of how to use it: said, or what follows from the standard; empty: nothing.
    std::string described_by() const;
};

class Services {
public:
    explicit Services(concejo::Transaction& tx) : tx_(tx) {}

    std::optional<Service> find(std::string_view name_or_id);
    /// By title.
    std::vector<Service> list(const std::vector<State>& states);
    /// A name that no service has.
    std::string free_name(const std::string& title);

    /// Both write what `Service` holds, datasets too, and give what was written.
    Service insert(const Service&, const std::string& by);
    /// Nothing where the stored version is not `service.version`.
    std::optional<Service> update(const Service&);
    void remove(const Service&);

private:
    std::vector<Service> read(const std::string& tail, const std::vector<concejo::Param>&);
    void serve(const std::string& id, const std::vector<std::string>& datasets);
    concejo::Transaction& tx_;
};

/// Where everybody may see it or it was withdrawn, or whoever asks sees drafts. Throws Error{not_found} else.
Service need_service(const Portal&, Services&, std::string_view name_or_id);

std::string service_title(const Portal&, const Service&);
std::string service_page(const Portal&, const Service&);  ///< for people
/// Who may use it, in words of people.
std::string access_label(const Portal&, const dcat::Term& right);
std::string service_uri(const Portal&, std::string_view id);

/// In the words of DCAT: how it is described, what is wrong with it.
dcat::DataService described(const Portal&, const dcat::Catalog&, const Service&);
std::vector<dcat::Problem> problems_of(const Portal&, const Service&);
/// The published ones become services of the catalogue; `all`: also those that no listed dataset names are described.
void add_services(const Portal&, concejo::Transaction&, dcat::Catalog&, bool all);

void register_services(concejo::Kernel&);
void register_staff_services(concejo::Kernel&);

}  // namespace open_data
