package uk.example.spine.datafetchers;

import com.netflix.graphql.dgs.DgsComponent;
import com.netflix.graphql.dgs.DgsData;
import graphql.schema.DataFetchingEnvironment;
import uk.example.spine.Generated;
import uk.example.spine.types.Practice;

@Generated
@DgsComponent
public class PracticeDatafetcher {
  @DgsData(
      parentType = "Query",
      field = "practice"
  )
  public Practice getPractice(DataFetchingEnvironment dataFetchingEnvironment) {
    return null;
  }
}
