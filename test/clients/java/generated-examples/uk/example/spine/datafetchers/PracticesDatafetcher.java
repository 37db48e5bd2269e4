package uk.example.spine.datafetchers;

import com.netflix.graphql.dgs.DgsComponent;
import com.netflix.graphql.dgs.DgsData;
import graphql.schema.DataFetchingEnvironment;
import java.util.List;
import uk.example.spine.Generated;
import uk.example.spine.types.Practice;

@Generated
@DgsComponent
public class PracticesDatafetcher {
  @DgsData(
      parentType = "Query",
      field = "practices"
  )
  public List<Practice> getPractices(DataFetchingEnvironment dataFetchingEnvironment) {
    return null;
  }
}
