// From the model to triples: one describer per profile. Part of the library, not of its interface.
#pragma once

#include "graph.hpp"
#include "vocabulary.hpp"

#include <map>
#include <memory>
#include <set>
#include <vector>

namespace open_data::dcat {

/// What documents name again and again (terms of vocabularies, publishers, contacts), described once: bounded
/// by how many different ones there are, not by the datasets.
class Shared {
public:
    /// Keeps the description made by `describe()` of what is named for the first time.
    template <class Describe>
    void once(const std::string& uri, Describe describe) {
        const auto [at, added] = nodes_.try_emplace(uri);
        if (!added) return;
        at->second = describe();
        at->second.uri = uri;
    }
    /// A term with its labels, of that class besides skos:Concept where it is given.
    std::string concept_of(const Term& term);
    std::string typed(const Term& term, std::string_view type);
    std::string scheme(const Term& scheme);
    /// Says which scheme the node's term is of: without the tables at hand, the EU's shapes know it from
    /// that.
    void place(Node& node, std::string_view uri);
    void give(std::vector<Node>& out);

private:
    std::map<std::string, Node> nodes_;
};

class Describer {
public:
    virtual ~Describer() = default;
    virtual void begin(const Page* page, std::vector<Node>& out) = 0;
    virtual void add(const Dataset& dataset, std::vector<Node>& out) = 0;
    virtual void finish(std::vector<Node>& out) = 0;
};

std::unique_ptr<Describer> make_dcat_ap_es(const Catalog& catalog);
std::unique_ptr<Describer> make_nti_risp(const Catalog& catalog);

/// hydra:PagedCollection, as ckanext-dcat and udata read it.
Node describe(const Page& page);

/// "http://datos.gob.es/recurso/sector-publico/org/Organismo/L01280796"; empty where the code has not the
/// shape of DIR3.
std::string publisher_uri(const Agent& agent);

/// foaf:Agent with its name, code and type (a local authority).
Node describe(const Agent& agent, Shared& shared);

/// The text in that language, or in Spanish, or in any; clean_text of it.
std::string in_language(const Texts& texts, const std::string& language);

/// The first way to the data that there is: the page, the dataset's page, the file.
const std::string& access_url(const Distribution& distribution, const Dataset& dataset);

/// "type/subtype" in lower case of what the distribution says or of its format; empty where it says none.
std::string media_type_of(const Distribution& distribution);

}  // namespace open_data::dcat
